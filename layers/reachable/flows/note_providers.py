"""Note of each provider's account when it was last heard and how its releases go.

It comes after all else, and fails nothing. A process writes the same of an account once a minute at most, by
when it happened: a flood costs no more.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from reachable import aws
from reachable.log import Event, logger
from reachable.model.credential import Credential
from reachable.model.provider_account import Happened, Happening, Heard
from reachable.model.upstream import Upstream
from reachable.rules import provider_accounts as rules
from reachable.rules.provider_accounts import AccountName, Notes
from reachable.store import provider_accounts

_noted: Final[dict[tuple[AccountName, Happening], datetime]] = {}
"""When what this process wrote last happened."""


def heard(told: Iterable[Heard], now: datetime) -> None:
    """Note whom we heard. 1 write unit an account and minute, and 1 where it told of a bounce."""
    _note(rules.of_events(told, now), now)


def released(learned: Iterable[Upstream], now: datetime) -> None:
    """Note what came of releases. 1 write unit an account, minute and outcome."""
    _note(rules.of_releases(learned), now)


def waits(of: Credential, learned: Upstream, before: Upstream | None) -> None:
    """Note whether a credential's release waits for an account. 1 write unit where it does, or did."""

    def write(one: Upstream) -> None:
        if rules.waits(one) and one.retry_after is not None:
            provider_accounts.wait(one.provider, one.account, of, one.retry_after)
        elif rules.waits(before):
            provider_accounts.wait_no_more(one.provider, one.account, of)

    _say(aws.until_failure(write, [learned]))


def forget() -> None:
    """What this process wrote: that of one test is nobody's in the next one."""
    _noted.clear()


def _note(notes: Notes, now: datetime) -> None:
    def write(note: tuple[tuple[AccountName, Happening], Happened]) -> None:
        ((provider, account), what), happened = note
        provider_accounts.note(provider, account, what, happened, now)
        _noted[(provider, account), what] = happened.at

    news = {key: happened for key, happened in notes.items() if rules.is_news(happened.at, _noted.get(key))}
    _say(aws.until_failure(write, news.items()))


def _say(lost: Exception | None) -> None:
    if lost is not None:
        logger.error(Event.PROVIDER_NOT_NOTED, error=type(lost).__name__)
