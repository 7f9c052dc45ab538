"""One lot of an incident's releases at one account: who is still due, what it says of them, and kept.

What fails of one credential is its own, and comes again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from reachable import aws
from reachable.flows import ask_upstream, keep_upstream
from reachable.log import Event, logger
from reachable.model.credential import Credential
from reachable.model.history import HistoryItem, Standing
from reachable.model.releases import AccountReleases
from reachable.model.upstream import Upstream, UpstreamState
from reachable.rules import release as release_rules
from reachable.rules import release_incident as rules
from reachable.rules.release import Asking
from reachable.store.credentials import history, holders


@dataclass(frozen=True, slots=True)
class Case:
    """A credential of which an account is due.

    ``others`` is what the provider's other accounts say, None of one that has not answered.
    """

    asking: Asking
    standing: Standing
    items: Sequence[HistoryItem]
    others: Sequence[Upstream | None]


type Learn = Callable[[Sequence[Case]], Sequence[Upstream | Exception]]
"""What an account says of some, in their order, or why something of ours failed."""


def each(learn: Callable[[Case], Upstream]) -> Learn:
    """Of each by itself, where nobody is asked."""
    return lambda cases: [learn(case) for case in cases]


def release(
    account: AccountReleases,
    keys: Sequence[str],
    at: datetime,
    learn: Learn,
    *,
    begun_at: datetime | None = None,
) -> AccountReleases:
    """Learn and keep what an account says of some; what is left then. 2 Queries and 2 or 3 write units each.

    ``begun_at``: they are on a list that was read from then on, and so it is their turn, too.
    """
    read = aws.settled(partial(_case, account, begun_at, at), keys)
    cases = [case for case in read if isinstance(case, Case)]
    kept = aws.settled(partial(_keep, at), zip(cases, learn(cases), strict=True))
    keep_upstream.count((what for what in kept if isinstance(what, Upstream)), at)
    of_cases = iter(kept)
    done = [next(of_cases) if isinstance(case, Case) else case for case in read]
    failed = {key: why for key, why in zip(keys, done, strict=True) if isinstance(why, Exception)}
    for why in failed.values():
        note(why, account)
    learned = {key: what for key, what in zip(keys, done, strict=True) if not isinstance(what, Exception)}
    return rules.tallied(account, learned, failed, at)


def _case(
    account: AccountReleases, begun_at: datetime | None, at: datetime, key: str
) -> Case | Upstream | None:
    """A credential that is to be asked of now; what is known where it is not; None where it is no longer this
    run's: it has closed again, or somebody has reset it since."""
    credential = Credential.of_key(key)
    standing = holders.standing(credential)
    askings = ask_upstream.askings(standing)
    names = (account.provider, account.account)
    asking = next((asking for asking in askings if asking.account_key == names), None)
    if asking is None:
        return None
    due_at = release_rules.due_at(asking.known, asking.lift, at)
    if due_at is None and not _is_said_too_early(asking.known, begun_at):
        return asking.known
    items = history.of(credential, consistent=True)
    if not release_rules.is_of_incident(items, asking.lift):
        return None
    if due_at is not None and due_at > at and not (begun_at is not None and asking.is_its_turn):
        return asking.known
    others = [
        other.known if other.known is not None and other.known.answers >= other.lift else None
        for other in askings
        if other.account.provider == account.provider and other is not asking
    ]
    return Case(asking, standing, items, others)


def _is_said_too_early(known: Upstream | None, begun_at: datetime | None) -> bool:
    """Whether another turn says that it is free, and our own reading has it.

    Who reads a list by numbers misses an entry where one before it goes meanwhile.
    """
    return (
        known is not None
        and begun_at is not None
        and known.state is UpstreamState.RELEASED
        and known.at >= begun_at
    )


def _keep(at: datetime, of: tuple[Case, Upstream | Exception]) -> Upstream:
    case, learned = of
    if isinstance(learned, Exception):
        raise learned
    keep_upstream.learned(case.asking, learned, [*case.others, learned], case.standing, at)
    return learned


def note(failed: Exception, account: AccountReleases) -> None:
    """Log what failed; nobody's address is in it."""
    logger.error(
        Event.RELEASE_FAILED,
        provider=account.provider,
        account=account.account,
        error=type(failed).__name__,
        code=aws.code_of(failed),
    )
