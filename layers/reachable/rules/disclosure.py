"""What of a block may be told to whom (design section 5, "Who sees what").

Of a complaint, an unsubscribe or a STOP nobody without the extended permission reads more than that messages
are not wanted: not why, not since when.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from reachable.model.delivery_event import Cause
from reachable.model.guidance import Audience, Code
from reachable.model.history import HistoryItem
from reachable.model.profile import CredentialShown
from reachable.model.status import Block, Lift, Status
from reachable.model.viewer import Viewer
from reachable.rules import permissions
from reachable.rules import status as status_rules
from reachable.rules.permissions import Action

PLAIN: Final = frozenset(
    {Code.WANTS_NO_CONTACT, Code.RESET_WILL_HELP, Code.FIX_SIS_FIRST, Code.REMIND, Code.SHARED}
)
"""The advice that everybody may read who sees the credential."""
_SAID_BY_THE_PERSON: Final = frozenset({Cause.COMPLAINT, Cause.OPT_OUT, Cause.REVOCATION})


def audience(viewer: Viewer) -> Audience:
    """As what a viewer reads somebody's profile; of oneself it is ``ONESELF``, whoever asks."""
    return Audience.EXTENDED if permissions.may(viewer.roles, Action.EXTENDED) else Audience.STAFF


def is_wish(block: Block) -> bool:
    """Whether the person wants no messages, rather than that they did not arrive: staff lift no wish."""
    of_staff = Lift.STAFF in status_rules.lifted_by(block.register)
    return not of_staff or block.cause in _SAID_BY_THE_PERSON


def is_said_by_the_person(cause: str | None) -> bool:
    """Whether a cause is what somebody said, rather than what became of a message."""
    return cause in _SAID_BY_THE_PERSON


def without_words(item: HistoryItem) -> HistoryItem:
    """An act without what staff wrote to it: it may name another holder, through whom it was done."""
    return replace(item, note=None, consent=None)


def newest(status: Status, reader: Audience) -> Block | None:
    """The newest block in force that this reader may read; None where there is none.

    Without the extended permission that is of what is about the address, not about the person, whatever the
    person said before or since: else what is hidden would show in what comes and goes.
    """
    told = status_rules.blocks(status)
    return next((block for block in told if reader is Audience.EXTENDED or not is_wish(block)), None)


def etag(shown: Iterable[CredentialShown]) -> str:
    """What a profile's status is now, as far as somebody without the extended permission may see it.

    The status's own changes with what they may not, such as a second complaint; nobody without the permission
    resets, so no If-Match needs that one.
    """
    return status_rules.etag_of(
        f"{credential.credential} {' '.join(credential.open)} {credential.newest and credential.newest.at}"
        for credential in shown
        if not credential.former
    )
