"""The releases after an incident's run: what is still to be asked of each account, what came of the others.

Plain values, as JSON and back: they lie in a file between two turns.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from reachable.model.upstream import Listing, ListReason


@dataclass(frozen=True, slots=True)
class Silence:
    """Why an account does not say how its list stands: `PutOff`, or `ListUnclear` where it is ``unclear``."""

    why: str
    seconds: int | None = None
    denied: bool = False
    unclear: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An account's list, as far as it was read since ``begun_at``: of its ``entries`` those that are ours.

    ``read_at``: by then it was read to its end; until then ``cursor`` says where to go on, and ``pages`` how
    many were read since the account last put us off. ``anew``: its cursor was not taken any more, and it was
    begun once more.
    """

    begun_at: datetime
    entries: tuple[Listing, ...] = ()
    cursor: str | None = None
    pages: int = 0
    anew: bool = False
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountReleases:
    """What a run has to release at one account, by the credentials' keys, and how many are done.

    ``left`` is to be asked now, ``again`` was asked in vain and is asked from ``again_at`` on, once nothing
    is left. ``left_alone``: what closed again since, or was reset by staff. Nothing is asked before
    ``next_at``; ``ends_at`` is about when all is done, None where nobody can tell.

    So far as it is come: ``reading``; ``silence``, of which each that is left is still to be told;
    ``quiet_since`` when the account was found to be asked nothing; ``turns`` that may be made from
    ``turns_at`` on; how many that are left were ``placed`` in the account's line; ``failures`` of ours in a
    row.
    """

    provider: str
    account: str
    left: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    again_at: datetime | None = None
    released: int = 0
    refused: int = 0
    unknown: int = 0
    given_up: int = 0
    left_alone: int = 0
    next_at: datetime | None = None
    ends_at: datetime | None = None
    reading: Reading | None = None
    silence: Silence | None = None
    quiet_since: datetime | None = None
    turns: int = 0
    turns_at: datetime | None = None
    placed: int = 0
    failures: int = 0

    @property
    def to_come(self) -> int:
        """How many are not done."""
        return len(self.left) + len(self.again)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return not self.to_come


@dataclass(frozen=True, slots=True)
class Releases:
    """All releases of a run, account by account."""

    accounts: tuple[AccountReleases, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do at any account."""
        return all(account.is_done for account in self.accounts)

    @property
    def next_at(self) -> datetime | None:
        """When to come again; None before the first turn, which may be at once, and where all is done."""
        times = [account.next_at for account in self.accounts if not account.is_done]
        return min((at for at in times if at is not None), default=None)

    @property
    def ends_at(self) -> datetime | None:
        """About when all is done; None where nobody can tell of one account."""
        times = [account.ends_at for account in self.accounts if not account.is_done]
        known = [at for at in times if at is not None]
        return max(known) if known and len(known) == len(times) else None

    def to_json(self) -> dict[str, Any]:
        """As plain JSON."""
        return asdict(self, dict_factory=_plain)

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> Self:
        """What `to_json` gave; it is trusted."""
        return cls(tuple(_account(account) for account in told["accounts"]))


def _plain(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in pairs}


def _account(told: Mapping[str, Any]) -> AccountReleases:
    reading, silence = told["reading"], told["silence"]
    times = ("again_at", "next_at", "ends_at", "quiet_since", "turns_at")
    return AccountReleases(
        **{
            **told,
            **_times(told, times),
            "left": tuple(told["left"]),
            "again": tuple(told["again"]),
            "reading": reading and _reading(reading),
            "silence": silence and Silence(**silence),
        }
    )


def _reading(told: Mapping[str, Any]) -> Reading:
    entries = tuple(
        Listing(**{**entry, **_times(entry, ("since", "until")), "reason": ListReason(entry["reason"])})
        for entry in told["entries"]
    )
    return Reading(**{**told, **_times(told, ("begun_at", "read_at")), "entries": entries})


def _times(told: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, datetime | None]:
    return {name: told[name] and datetime.fromisoformat(told[name]) for name in names}
