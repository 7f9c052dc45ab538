"""What to do about a user's credentials, from evidence: advice next to the button, never a refusal.

Each piece of advice is a code with what its sentence needs; ``words`` has the sentences.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause, Permanence
from reachable.model.guidance import Because, Code, Guidance
from reachable.model.message import LastMessage, MessageStatus
from reachable.model.people import AccountStatus
from reachable.model.status import Block, Ground, Status, time_of
from reachable.rules import status as status_rules


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one credential of a user. ``inherited``: somebody else held it before."""

    kind: CredentialKind
    status: Status
    shared: bool
    held_since: datetime | None
    inherited: bool = False
    last_message: LastMessage | None = None
    former: bool = False


_TEMPORARY = frozenset({Cause.MAILBOX_FULL, Cause.INACTIVE_OR_UNREACHABLE})
_OF_A_DEAD_ADDRESS = frozenset({Cause.INVALID_ADDRESS, Cause.LANDLINE_OR_INCAPABLE})


def of_user(account_status: AccountStatus, credentials: Iterable[Evidence]) -> list[Guidance]:
    """All advice for a user, the most pressing first."""
    advice = [Guidance(Code.REMIND)] if account_status is AccountStatus.PENDING else []
    known = list(credentials)
    for one in known:
        advice += _former(one, known) if one.former else _current(one)
    return advice


def _current(one: Evidence) -> list[Guidance]:
    blocks = status_rules.blocks(one.status)
    if not blocks:
        return [_good(one)]
    grounds = {block.register.ground for block in blocks}
    advice = []
    if Ground.OPT_OUT in grounds:
        advice.append(Guidance(Code.START_NEEDED, one.kind))
    if grounds & {Ground.COMPLAINT, Ground.UNSUBSCRIBED} or any(b.register.after_complaint for b in blocks):
        advice.append(Guidance(Code.CONSENT_NEEDED, one.kind))
    bounce = next((block for block in blocks if block.register.ground is Ground.BOUNCE), None)
    if bounce is not None:
        advice += _about_a_bounce(one, bounce)
    if one.shared:
        advice.append(Guidance(Code.SHARED, one.kind))
    return advice


def _good(one: Evidence) -> Guidance:
    if one.last_message is None:
        return Guidance(Code.GOOD, one.kind, Because.NOTHING_BLOCKED)
    delivered = one.last_message.at if one.last_message.status is MessageStatus.DELIVERED else None
    because = Because.NOTHING_BLOCKED if delivered is None else Because.DELIVERED
    return Guidance(Code.GOOD, one.kind, because, delivered)


def _about_a_bounce(one: Evidence, bounce: Block) -> list[Guidance]:
    if one.inherited and one.held_since is not None and one.held_since > time_of(bounce.at):
        return [Guidance(Code.RESET_WILL_HELP, one.kind, Because.NEW_HOLDER, one.held_since)]
    if bounce.cause in _OF_A_DEAD_ADDRESS:
        return [Guidance(Code.FIX_SIS_FIRST, one.kind)]
    if bounce.permanence is Permanence.TRANSIENT or bounce.cause in _TEMPORARY:
        return [Guidance(Code.RESET_WILL_HELP, one.kind, Because.TEMPORARY)]
    return []


def _former(one: Evidence, known: list[Evidence]) -> list[Guidance]:
    """A bad address that the roster has replaced needs no reset."""
    if not status_rules.blocks(one.status):
        return []
    now = next((other for other in known if other.kind is one.kind and not other.former), None)
    if now is None:
        return []
    return [Guidance(Code.GOOD, one.kind, Because.CORRECTED, now.held_since)]
