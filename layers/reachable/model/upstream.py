"""A provider's own list of addresses that it no longer sends to: what it says of one credential."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from reachable.model.status import NEVER, Mark

DEFAULT_ACCOUNT: Final = "default"
"""The name of a provider's account where there is one only."""


_SECRET: Final = frozenset({"key", "secret"})


class UpstreamState(StrEnum):
    """How an address stands on the list."""

    LISTED = "listed"
    RELEASING = "releasing"
    RELEASED = "released"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Hindrance(StrEnum):
    """What keeps an address on the list, or us from knowing: it says what a person must do."""

    START = "start"
    """Only the person's own START takes a number off."""
    CONSENT = "consent"
    """There it is a complaint or unsubscribe: a reset with the person's consent takes it off."""
    SUPPORT = "support"
    """Only the provider's support can, at the request of whoever runs the account."""
    OWN_GUESS = "own_guess"
    """The provider holds the address for a wrong one, without an entry that could be removed."""
    NOT_YET = "not_yet"
    """The provider takes it off not before a time, or only once in a while."""
    LISTED_AGAIN = "listed_again"
    """The provider listed it again after the reset, since messages still fail."""
    NOT_SET_UP = "not_set_up"
    """We have no key for the account, or one without the right to do it."""
    IN_LINE = "in_line"
    """Its turn comes at ``retry_after``: the provider takes so many removals an hour and no more."""
    CANNOT_BE_ASKED = "cannot_be_asked"
    """The provider offers no call that tells; the next message will show."""
    NO_ANSWER = "no_answer"
    """The provider is busy, or did not answer; it is tried again at ``retry_after``."""
    GAVE_UP = "gave_up"
    """It did not answer for so long that it is not tried again by itself."""


class ListReason(StrEnum):
    """Why a provider lists an address, in our words."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    UNSUBSCRIBED = "unsubscribed"
    OPT_OUT = "opt_out"
    """The person's own STOP."""
    UNTOLD = "untold"
    """A number that the provider lists without saying why: by all that is known a STOP."""
    MANUAL = "manual"
    """Somebody put it there, by hand or by the provider's API."""
    PROVIDER = "provider"
    """The provider itself: its policy, a compliance team, a list of all its customers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """An entry of a provider's list.

    ``address`` is spelled as the provider spells it. ``place`` says which of several lists of an account it
    is on, in the provider's own words: a stream, a domain, a list's name. ``until``: it ends by itself then.
    ``words`` are the provider's own.
    """

    address: str
    reason: ListReason
    since: datetime | None = None
    until: datetime | None = None
    words: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a provider whose list we may ask: its key and whatever else is set for it.

    ``settings`` are None where nothing is set for it: then nobody can be asked.
    """

    provider: str
    name: str = DEFAULT_ACCOUNT
    settings: Mapping[str, Any] | None = field(default=None, repr=False)

    @property
    def lists(self) -> str:
        """Which lists its settings lead to, in a short word: another one, other lists. No secret is in it."""
        told = {name: value for name, value in (self.settings or {}).items() if name not in _SECRET}
        return sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Limit:
    """So many ``calls`` an account takes in so many ``seconds``; a release makes ``each`` of them.

    Where that is one, it is the removal, and looks do not count.
    """

    calls: int
    seconds: int
    each: int = 1

    @property
    def counts_looks(self) -> bool:
        """Whether reading the list is among the calls."""
        return self.each > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """How an address stands on the list of one account of a provider, as far as it was learned ``at``.

    ``answers`` is the mark of the lift after which it was asked; ``tries`` how often in vain. ``listed_at``
    is when it was seen on the list last, whatever came after, and ``listed_in`` in which lists
    (`Account.lists`). ``retry_after``: not before is it tried again.
    """

    provider: str
    state: UpstreamState
    at: datetime
    account: str = DEFAULT_ACCOUNT
    retry_after: datetime | None = None
    hindrance: Hindrance | None = None
    answers: Mark = NEVER
    tries: int = 0
    listed_at: datetime | None = None
    listed_in: str | None = None
    released_at: datetime | None = None
