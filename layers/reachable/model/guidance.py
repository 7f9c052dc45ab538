"""Advice about a user's credentials: a code, and what its sentence needs."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reachable.model.credential import CredentialKind


class Code(StrEnum):
    """What is advised."""

    RESET_WILL_HELP = "reset_will_help"
    FIX_SIS_FIRST = "fix_sis_first"
    REMIND = "remind"
    START_NEEDED = "start_needed"
    CONSENT_NEEDED = "consent_needed"
    SHARED = "shared"
    GOOD = "good"


class Because(StrEnum):
    """On what evidence, where a code can have several."""

    TEMPORARY = "temporary"
    """The cause passes by itself."""
    NEW_HOLDER = "new_holder"
    """This person got the address after the block."""
    CORRECTED = "corrected"
    """The bad address is a former one: the roster has another now."""
    DELIVERED = "delivered"
    NOTHING_BLOCKED = "nothing_blocked"


@dataclass(frozen=True, slots=True)
class Guidance:
    """One piece of advice about one credential, or about the account where ``kind`` is None."""

    code: Code
    kind: CredentialKind | None = None
    because: Because | None = None
    at: datetime | None = None
