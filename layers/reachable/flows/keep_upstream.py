"""Keep what was learned of a credential at a provider's account: history, status, and that it has answered.

In that order: what dies between is made good by whoever asks next.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from aws_lambda_powertools.metrics import MetricUnit

from reachable import upstream
from reachable.flows import note_providers
from reachable.log import Count, metrics
from reachable.model.credential import Credential
from reachable.model.delivery_event import event_hex
from reachable.model.history import HistoryItem, HistoryKind, Standing
from reachable.model.status import Lifting, mark, register_name
from reachable.model.upstream import DEFAULT_ACCOUNT, Upstream, UpstreamState
from reachable.rules import release as release_rules
from reachable.rules import status as status_rules
from reachable.rules.release import Asking
from reachable.store.credentials import history, registers
from reachable.store.credentials import upstream as lists

_COUNTS: Final = {
    UpstreamState.RELEASED: Count.RELEASED,
    UpstreamState.LISTED: Count.RELEASES_REFUSED,
    UpstreamState.REFUSED: Count.RELEASES_REFUSED,
    UpstreamState.RELEASING: Count.RELEASES_PUT_OFF,
    UpstreamState.UNKNOWN: Count.RELEASES_UNKNOWN,
}


def learned(
    asking: Asking,
    what: Upstream,
    of_the_provider: Iterable[Upstream | None],
    standing: Standing,
    now: datetime,
) -> None:
    """Keep what was learned. 2 write units, 3 where it lifts something; 1 more where it waits, or waited.

    ``of_the_provider`` is what all its accounts say after this reset, None of one that has not answered.
    """
    others = list(of_the_provider)
    all_told = [one for one in others if one is not None]
    lifting = (
        release_rules.lifting(what, all_told, standing.status, now) if len(all_told) == len(others) else None
    )
    kind = release_rules.kind(what)
    line = item(asking, kind, f"{kind} {asking.lift}", now, lifting)
    move(standing.credential, replace(line, hindrance=what.hindrance, retry_after=what.retry_after))
    if lists.learn(standing.credential, what):
        note_providers.waits(standing.credential, what, asking.known)


def count(learned: Iterable[Upstream], now: datetime) -> None:
    """Count what was learned and kept, and note it of its accounts. Not side by side: a metric belongs to the
    process."""
    listed = list(learned)
    for name, many in Counter(_COUNTS[what.state] for what in listed).items():
        metrics.add_metric(name, MetricUnit.Count, many)
    note_providers.released(listed, now)


def item(asking: Asking, kind: HistoryKind, name: str, now: datetime, lifting: Lifting | None) -> HistoryItem:
    """A line of the history, the same however often it is learned after one reset."""
    account = None if asking.account.name == DEFAULT_ACCOUNT else asking.account.name
    hex_ = event_hex(asking.account.provider, name, account)
    return HistoryItem(
        hex=hex_,
        kind=kind,
        provider=asking.account.provider,
        account=account,
        occurred_at=now,
        received_at=now,
        mark=lifting.at if lifting else mark(now, hex_),
        channel=upstream.channel(asking.account.provider),
        moves=register_name(lifting) if lifting else None,
        lift=lifting.by if lifting else None,
    )


def move(of: Credential, line: HistoryItem) -> None:
    """Write a line of the history, and move the status as the one does that stands there."""
    change = status_rules.change_of(history.record(of, line))
    if change is not None:
        registers.move(of, change)
