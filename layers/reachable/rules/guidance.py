"""What to do about a user's credentials, from evidence: advice next to the button, never a refusal.

Each piece of advice is a code with what its sentence needs; ``words`` has the sentences. Every ground and
every cause has its advice: the tables here say which.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause, Channel, Permanence
from reachable.model.guidance import Audience, Because, Code, Guidance
from reachable.model.incident import UNDONE_AFTER
from reachable.model.message import LastMessage, MessageStatus
from reachable.model.people import AccountStatus
from reachable.model.status import Block, BlockRegister, Ground, Lift, Mark, Status, time_of
from reachable.model.upstream import Upstream, UpstreamState
from reachable.rules import disclosure, proof
from reachable.rules import status as status_rules

CAME_BACK_WITHIN: Final = timedelta(days=14)
"""How long after a reset a message that fails says that the reset did not help."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one credential of a user. ``inherited``: somebody else held it before.

    ``proved_at``: when somebody signed in with it last, while it was bad.
    ``meant`` is a domain a letter or two from that of an address which does not exist (`rules.domains`).
    """

    kind: CredentialKind
    status: Status
    shared: bool
    held_since: datetime | None
    inherited: bool = False
    last_message: LastMessage | None = None
    upstream: tuple[Upstream, ...] = ()
    former: bool = False
    proved_at: datetime | None = None
    meant: str | None = None
    failed: Mapping[BlockRegister, Sequence[Mark]] = field(default_factory=dict)
    """The marks that history has of each block register, of the time in which this user held it."""


type _Advice = tuple[Code, Because | None]

_CORRECT: Final[_Advice] = (Code.FIX_SIS_FIRST, None)
_SWITCHED_OFF: Final[_Advice] = (Code.FIX_SIS_FIRST, Because.SWITCHED_OFF)
_INCAPABLE: Final[_Advice] = (Code.FIX_SIS_FIRST, Because.INCAPABLE)
_FAILED_FOR_GOOD: Final[_Advice] = (Code.FIX_SIS_FIRST, Because.FAILED_FOR_GOOD)
_FAILED_BEFORE: Final[_Advice] = (Code.FIX_SIS_FIRST, Because.FAILED_BEFORE)
_BY_HAND: Final[_Advice] = (Code.FIX_SIS_FIRST, Because.BY_HAND)
_PASSING: Final[_Advice] = (Code.RESET_WILL_HELP, Because.TEMPORARY)
_UNWANTED: Final[_Advice] = (Code.RESET_WILL_HELP, Because.UNWANTED)
_NOT_ITS_FAULT: Final[_Advice] = (Code.RESET_WILL_HELP, Because.NOT_ITS_FAULT)
_NOT_SAID: Final[_Advice] = (Code.RESET_WILL_HELP, Because.NOT_SAID)
_ASK: Final[_Advice] = (Code.CONSENT_NEEDED, None)

_OF_A_BOUNCE: Final[Mapping[Cause, tuple[_Advice, _Advice]]] = {
    Cause.INVALID_ADDRESS: (_CORRECT, _CORRECT),
    Cause.MAILBOX_FULL: (_PASSING, _PASSING),
    Cause.INACTIVE_OR_UNREACHABLE: (_SWITCHED_OFF, _PASSING),
    Cause.LANDLINE_OR_INCAPABLE: (_INCAPABLE, _INCAPABLE),
    Cause.CARRIER_BLOCKED_OR_SPAM: (_UNWANTED, _UNWANTED),
    Cause.PROVIDER_SUPPRESSED: (_FAILED_BEFORE, _FAILED_BEFORE),
    Cause.COMPLAINT: (_ASK, _ASK),
    Cause.OPT_OUT: (_ASK, _ASK),
    Cause.REVOCATION: (_ASK, _ASK),
    Cause.CONTENT_OR_SIZE: (_NOT_ITS_FAULT, _NOT_ITS_FAULT),
    Cause.ACCOUNT_OR_QUOTA: (_NOT_ITS_FAULT, _NOT_ITS_FAULT),
    Cause.MANUAL: (_BY_HAND, _BY_HAND),
    Cause.UNKNOWN: (_FAILED_FOR_GOOD, _NOT_SAID),
}
"""What to do about a permanent one, and about any other."""
_MAY_COME_BACK: Final = frozenset({Ground.BOUNCE, Ground.SUPPRESSED})
_INVITED_BY: Final = frozenset({Channel.EMAIL, Channel.SMS})
_COMES_FIRST: Final = frozenset({Code.FIX_SIS_FIRST, Code.CAME_BACK})
"""Before a reset could help."""
_STILL_LISTED: Final = frozenset({UpstreamState.LISTED, UpstreamState.RELEASING, UpstreamState.REFUSED})


def of_user(
    account_status: AccountStatus, credentials: Iterable[Evidence], audience: Audience
) -> list[Guidance]:
    """All advice about a user that this audience may read, the most pressing first, credential by credential.

    Without the extended permission, and to oneself, it tells of no message when it was sent.
    """
    known = list(credentials)
    is_pending = account_status is AccountStatus.PENDING
    advice = [Guidance(Code.REMIND)] if is_pending and any(map(_is_open, known)) else []
    for evidence in known:
        if audience is Audience.EXTENDED:
            advice += _former(evidence, known) if evidence.former else _in_full(evidence)
        elif not evidence.former:
            advice += _plainly(evidence, audience)
    return advice


def _is_open(evidence: Evidence) -> bool:
    """Whether an invitation could come by it."""
    return not evidence.former and not _INVITED_BY.isdisjoint(
        status_rules.open_channels(evidence.kind, evidence.status)
    )


def _in_full(evidence: Evidence) -> list[Guidance]:
    blocks = status_rules.blocks(evidence.status)
    advice = [*_of_blocks(evidence, blocks), *_of_the_provider(evidence, blocks)]
    if not advice:
        return [_good(evidence)]
    if evidence.shared and blocks:
        advice.append(Guidance(Code.SHARED, evidence.kind))
    return _pressing_first(advice)


def _plainly(evidence: Evidence, audience: Audience) -> list[Guidance]:
    """Of what a person does not want, that alone; of what else is closed, what may help.

    Who had the address before is nobody's business here, nor is who reset it, and when, nor when somebody
    signed in with it.
    """
    known = replace(evidence, inherited=False)
    blocks = status_rules.blocks(evidence.status)
    wishes = [block for block in blocks if disclosure.is_wish(block)]
    unwanted = {channel for block in wishes for channel in block.channels}
    failures = [block for block in blocks if block not in wishes and not unwanted.issuperset(block.channels)]
    advice = [_undated(told) for told in _of_blocks(known, failures)]
    if wishes:
        advice.append(_not_wanted(evidence, wishes, audience))
    if evidence.shared and failures:
        advice.append(Guidance(Code.SHARED, evidence.kind))
    return _pressing_first(told for told in advice if told.code in disclosure.PLAIN)


def _undated(told: Guidance) -> Guidance:
    if told.because is not Because.SIGNED_IN:
        return told
    return replace(told, because=Because.SIGNED_IN_SINCE, at=None)


def _not_wanted(evidence: Evidence, wishes: Sequence[Block], audience: Audience) -> Guidance:
    stopped = audience is Audience.ONESELF and any(_start_opens(block, wishes) for block in wishes)
    return Guidance(Code.WANTS_NO_CONTACT, evidence.kind, Because.STOPPED if stopped else None)


def _start_opens(block: Block, blocks: Iterable[Block]) -> bool:
    """Whether START opens what a block closes: nothing that START does not lift closes it, too."""
    closed = set(block.channels)
    others = (other for other in blocks if not closed.isdisjoint(other.channels))
    return all(Lift.START in status_rules.lifted_by(closing.register) for closing in (block, *others))


def _pressing_first(advice: Iterable[Guidance]) -> list[Guidance]:
    """Each code once, of the newest block that gives it."""
    told: dict[Code, Guidance] = {}
    for guidance in advice:
        told.setdefault(guidance.code, guidance)
    return [told[code] for code in Code if code in told]


def _of_blocks(evidence: Evidence, blocks: Sequence[Block]) -> list[Guidance]:
    """What to do about each; no promise of a reset for channels that something else comes first for."""
    told = [(block, _of_block(evidence, block)) for block in blocks]
    first = {
        channel
        for block, advice in told
        if any(guidance.code in _COMES_FIRST for guidance in advice)
        for channel in block.channels
    }
    return [
        guidance
        for block, advice in told
        for guidance in advice
        if guidance.code is not Code.RESET_WILL_HELP or not first.issuperset(block.channels)
    ]


def _of_block(evidence: Evidence, block: Block) -> list[Guidance]:
    """What to do about one block, whatever its ground and cause."""
    if Lift.STAFF in status_rules.lifted_by(block.register):
        return _of_a_failure(evidence, block)
    return [_of_a_wish(evidence, block)]


def _of_a_wish(evidence: Evidence, block: Block) -> Guidance:
    before = _is_of_before(evidence, block)
    if block.register.ground is Ground.OPT_OUT:
        return Guidance(Code.START_NEEDED, evidence.kind, Because.STOP_OF_BEFORE if before else None)
    start = Because.CONSENT_OR_START if _start_opens(block, status_rules.blocks(evidence.status)) else None
    return Guidance(Code.CONSENT_NEEDED, evidence.kind, Because.WISH_OF_BEFORE if before else start)


def _of_a_failure(evidence: Evidence, block: Block) -> list[Guidance]:
    code, because = _BY_HAND if block.register.ground is Ground.MANUAL else _of_a_bounce(block)
    if code is not Code.CONSENT_NEEDED and _is_of_before(evidence, block):
        changed = Because.NEW_HOLDER if evidence.inherited else Because.SIS_CHANGED
        return [Guidance(Code.RESET_WILL_HELP, evidence.kind, changed, evidence.held_since)]
    if evidence.proved_at is not None and proof.is_against(block, evidence.proved_at):
        return [Guidance(Code.RESET_WILL_HELP, evidence.kind, Because.SIGNED_IN, evidence.proved_at)]
    came_back = (
        [Guidance(Code.CAME_BACK, evidence.kind, at=time_of(block.at))] if _came_back(evidence, block) else []
    )
    meant = evidence.meant if (code, because) == _CORRECT else None
    return [*came_back, Guidance(code, evidence.kind, because, meant=meant)]


def _of_a_bounce(block: Block) -> _Advice:
    permanent, otherwise = _OF_A_BOUNCE[block.cause]
    return permanent if block.permanence is Permanence.PERMANENT else otherwise


def _is_of_before(evidence: Evidence, block: Block) -> bool:
    """Whether this person got the address after the block, whoever had it before: the roster has changed."""
    return evidence.held_since is not None and evidence.held_since > time_of(block.at)


def _came_back(evidence: Evidence, block: Block) -> bool:
    """Whether a message failed again that was sent after a reset of such a failure, and within days of it."""
    before = [
        mark
        for register, marks in evidence.failed.items()
        if register.ground in _MAY_COME_BACK and register.reach is block.register.reach
        for mark in marks
    ]
    return any(mark <= lift for lift in lifts_shortly_before(block, evidence.status) for mark in before)


def lifts_shortly_before(block: Block, status: Status) -> list[Mark]:
    """The resets within days of which it came; whether one lifted such a block, history alone can tell.

    What an incident's undo closed again has not come back.
    """
    if block.register.ground not in _MAY_COME_BACK:
        return []
    resets = status_rules.lifted_by(block.register) - {Lift.PROOF}
    lifts = (status.lifted.get(by) for by in resets)
    after = {at: time_of(block.at) - time_of(at) for at in lifts if at is not None}
    return [at for at, span in after.items() if span <= CAME_BACK_WITHIN and span != UNDONE_AFTER]


def _of_the_provider(evidence: Evidence, blocks: Iterable[Block]) -> list[Guidance]:
    """That the provider's own list has it: the list says so, or the refusal that blocks."""
    listed = [
        upstream
        for upstream in evidence.upstream
        if upstream.state in _STILL_LISTED and not _arrived_since(evidence, upstream.at)
    ]
    if not listed and all(block.register.ground is not Ground.SUPPRESSED for block in blocks):
        return []
    told = [upstream for upstream in listed if upstream.hindrance is not None]
    if told:
        # What a person must do comes before what goes on by itself.
        first = min(told, key=lambda upstream: upstream.state is UpstreamState.RELEASING)
        return [Guidance(Code.PROVIDER_STILL_BLOCKS, evidence.kind, upstream=first)]
    until = max((upstream.retry_after for upstream in listed if upstream.retry_after), default=None)
    because = Because.RETRY_LATER if until is not None else None
    return [Guidance(Code.PROVIDER_STILL_BLOCKS, evidence.kind, because, until)]


def _arrived_since(evidence: Evidence, at: datetime) -> bool:
    """Whether a message was delivered after that: then no list keeps it away."""
    last = evidence.last_message
    return last is not None and last.status is MessageStatus.DELIVERED and last.at > at


def _good(evidence: Evidence) -> Guidance:
    if evidence.last_message is None:
        return Guidance(Code.GOOD, evidence.kind, Because.NONE_SENT)
    if evidence.last_message.status is MessageStatus.DELIVERED:
        return Guidance(Code.GOOD, evidence.kind, Because.DELIVERED, evidence.last_message.at)
    return Guidance(Code.GOOD, evidence.kind, Because.NOTHING_BLOCKED)


def _former(evidence: Evidence, known: list[Evidence]) -> list[Guidance]:
    """A bad address that the roster has replaced by a good one needs no reset."""
    if not status_rules.blocks(evidence.status):
        return []
    now = next((other for other in known if other.kind is evidence.kind and not other.former), None)
    if now is None or status_rules.blocks(now.status):
        return []
    return [Guidance(Code.GOOD, evidence.kind, Because.CORRECTED, now.held_since)]
