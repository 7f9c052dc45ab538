"""What a member of staff wants of a reset, and what a reset may still need."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from reachable.model.credential import CredentialKind
from reachable.model.history import Consent


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetWish:
    """What a staff member wants: which credentials (None: all), why, with whose consent, on what they saw."""

    kinds: Collection[CredentialKind] | None = None
    note: str | None = None
    consent: Consent | None = None
    if_match: str | None = None


class Need(StrEnum):
    """What must happen before the rest of a credential opens."""

    CONSENT = "consent_needed"
    START = "start_needed"
