"""Check: may these messages be sent? Asked before every send, for up to 1,000 recipients at once."""

from collections.abc import Sequence
from typing import Final

from reachable import settings
from reachable.model.people import Contact
from reachable.model.send import Purpose, Recipient, Verdict
from reachable.rules import gate
from reachable.store.credentials import registers
from reachable.store.roster import reach

EXEMPT_PURPOSES: Final = frozenset(settings.each("EXEMPT_PURPOSES", Purpose))
"""What passes blocks that say only that an address did not work; none, unless the district wants it."""


def recipients(asked: Sequence[Recipient]) -> list[Verdict]:
    """The gate's verdict on each recipient, in order.

    Costs a strongly consistent BatchGetItem for each 100 users, each 100 credentials and each 100 other
    credentials of blocked users; whoever is named twice is read once.

    Raises:
        Unavailable: a status cannot be read. Then nothing is answered at all: silence is not a yes.
    """
    contacts = reach.contacts({r.user_id for r in asked if r.user_id is not None})
    statuses = registers.statuses(
        credential for r in asked if not r.invalid for credential in gate.needed(r, _contact(r, contacts))
    )
    verdicts = [_verdict(r, contacts, statuses) for r in asked]
    refused = [r for r, verdict in zip(asked, verdicts, strict=True) if not verdict.send]
    others = {
        credential
        for r in refused
        for credential in gate.needed_for_alternatives(r, _contact(r, contacts))
        if credential not in statuses
    }
    if not others:
        return verdicts
    statuses |= registers.statuses(others)
    return [
        verdict if verdict.send else _verdict(r, contacts, statuses)
        for r, verdict in zip(asked, verdicts, strict=True)
    ]


def _verdict(r: Recipient, contacts: dict[str, Contact], statuses: gate.Statuses) -> Verdict:
    return gate.verdict(r, _contact(r, contacts), statuses, exempt=r.purpose in EXEMPT_PURPOSES)


def _contact(recipient: Recipient, contacts: dict[str, Contact]) -> Contact | None:
    return None if recipient.user_id is None else contacts.get(recipient.user_id)
