"""Did you mean: keep which domains the district's people use, and say which of them somebody meant."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Final

from reachable.aws import FAILURES
from reachable.log import Event, logger
from reachable.model.bad_credential import BadCredential
from reachable.model.credential import Credential
from reachable.model.statistics import By, Word
from reachable.model.status import Block
from reachable.rules import domains as domain_rules
from reachable.rules import statistics as statistics_rules
from reachable.store import statistics
from reachable.store.roster import domains

_BELIEVED_FOR: Final = timedelta(minutes=5).total_seconds()
"""An import a night writes them."""
_reading: Final = Lock()
_kept: dict[str, int] = {}
_read_at: float | None = None


def keep(counts: Mapping[str, int], now: datetime) -> None:
    """Keep the domains that people use, and none whose addresses mostly bounce, by the statistics.

    4 Queries for each of 8 weeks, 3 read units, and 9 write units at most where they are others.

    Raises:
        botocore's errors.
    """
    weeks = statistics_rules.weeks(*statistics_rules.whole(None, None, now))
    came_to: dict[str, Counter[Word]] = {}
    for _, name, numbers in statistics.read(By.DOMAIN, weeks):
        if name is not None:
            words = {Word(word): number for word, number in numbers.items()}
            came_to.setdefault(name, Counter()).update(words)
    used = domain_rules.used(domain_rules.good(counts, came_to))
    if used != domains.get():
        domains.put(used)


def meant(credential: Credential, blocks: Iterable[Block]) -> str | None:
    """The domain that may have been meant by an address that, by the blocks in force, does not exist.

    None where none is near. Once in five minutes of a process 1 to 3 read units. What only advises fails
    nothing: where the table does not answer, what was known before serves.
    """
    if credential.domain is None or not domain_rules.may_be_a_slip(credential, blocks):
        return None
    return domain_rules.meant(credential.domain, _counts())


def with_meant(line: BadCredential) -> BadCredential:
    """A line of a list, with the domain that may have been meant. As `meant`."""
    return replace(line, meant=meant(line.credential, line.blocks))


def forget() -> None:
    """Read them anew: what one test's district uses is nobody's in the next one."""
    global _kept, _read_at
    _kept, _read_at = {}, None


def _counts() -> Mapping[str, int]:
    global _kept, _read_at  # noqa: PLW0603 - the same
    with _reading:
        if _read_at is None or monotonic() - _read_at > _BELIEVED_FOR:
            try:
                _kept = domains.get() or {}
            except FAILURES as failed:
                logger.error(Event.DOMAINS_NOT_READ, error=type(failed).__name__)
            _read_at = monotonic()
        return _kept
