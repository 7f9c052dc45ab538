"""Advice about a user's credentials: a code, and what its sentence needs."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reachable.model.credential import CredentialKind
from reachable.model.upstream import Upstream


class Audience(StrEnum):
    """To whom advice is given."""

    EXTENDED = "extended"
    """Staff with the extended permission: all that is known."""
    STAFF = "staff"
    """Staff without it."""
    ONESELF = "oneself"
    """Who is signed in, of their own account."""


class Code(StrEnum):
    """What is advised, the most pressing first."""

    REMIND = "remind"
    START_NEEDED = "start_needed"
    CONSENT_NEEDED = "consent_needed"
    WANTS_NO_CONTACT = "wants_no_contact"
    CAME_BACK = "came_back"
    FIX_SIS_FIRST = "fix_sis_first"
    RESET_WILL_HELP = "reset_will_help"
    PROVIDER_STILL_BLOCKS = "provider_still_blocks"
    SHARED = "shared"
    GOOD = "good"


class Because(StrEnum):
    """On what evidence, where a code can have several."""

    TEMPORARY = "temporary"
    """The cause passes by itself."""
    NEW_HOLDER = "new_holder"
    """This person got the address after the block, and somebody else had it before."""
    SIS_CHANGED = "sis_changed"
    """The roster gave it to this person after the block; nobody is named who had it before."""
    SIGNED_IN = "signed_in"
    """Somebody signed in with it after the bounce; when."""
    SIGNED_IN_SINCE = "signed_in_since"
    """The same, for who may not read when."""
    UNWANTED = "unwanted"
    """The mail provider or the phone company takes our messages for spam."""
    NOT_ITS_FAULT = "not_its_fault"
    """It was the message's fault, or our account's."""
    NOT_SAID = "not_said"
    """It may pass, and nobody said why it failed."""
    FAILED_FOR_GOOD = "failed_for_good"
    """It failed for good, and nobody said why."""
    FAILED_BEFORE = "failed_before"
    """The provider no longer tries, since messages before failed."""
    SWITCHED_OFF = "switched_off"
    """The mailbox or the phone is there and out of use."""
    INCAPABLE = "incapable"
    """It takes no such messages: a landline."""
    BY_HAND = "by_hand"
    """A member of staff marked it."""
    CONSENT_OR_START = "consent_or_start"
    """They asked in words for no more texts: their START undoes it, too."""
    WISH_OF_BEFORE = "wish_of_before"
    """Somebody asked for no more messages before this person had it."""
    STOP_OF_BEFORE = "stop_of_before"
    """Somebody replied STOP before this person had it."""
    STOPPED = "stopped"
    """To oneself: START undoes it."""
    RETRY_LATER = "retry_later"
    """The provider takes it off its list not before a time."""
    CORRECTED = "corrected"
    """The bad address is a former one: the roster has another now."""
    DELIVERED = "delivered"
    NONE_SENT = "none_sent"
    """No message to it is known."""
    NOTHING_BLOCKED = "nothing_blocked"


@dataclass(frozen=True, slots=True)
class Guidance:
    """One piece of advice about one credential, or about the account where ``kind`` is None.

    ``upstream`` is the provider's list that it is about, where it is about one; ``meant`` the domain that
    somebody may have meant who wrote another, for the office to check with the family.
    """

    code: Code
    kind: CredentialKind | None = None
    because: Because | None = None
    at: datetime | None = None
    upstream: Upstream | None = None
    meant: str | None = None
