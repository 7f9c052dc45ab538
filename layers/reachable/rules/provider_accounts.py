"""What of events and releases is remembered of a provider's account, and what an account needs of us."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from reachable.model.delivery_event import DeliveryEvent, Kind
from reachable.model.provider_account import Happened, Happening, Heard, SetUp
from reachable.model.upstream import Upstream, UpstreamState
from reachable.rules import release_incident

OFTEN: Final = timedelta(minutes=1)
"""So often a process writes down the same of an account, at most."""

_OF_RELEASES: Final[Mapping[UpstreamState, Happening]] = {
    UpstreamState.RELEASED: Happening.RELEASED,
    UpstreamState.REFUSED: Happening.REFUSED,
    UpstreamState.LISTED: Happening.REFUSED,
    UpstreamState.UNKNOWN: Happening.UNKNOWN,
}
"""What is only put off has come to nothing yet."""
_NOT_ARRIVED: Final = frozenset({Kind.BOUNCED, Kind.FAILED})

type AccountName = tuple[str, str]
type Notes = dict[tuple[AccountName, Happening], Happened]


def tells_of_a_bounce(events: Iterable[DeliveryEvent]) -> bool:
    """Whether one of them says that a message did not arrive: a text or call that did not has failed."""
    return any(event.kind in _NOT_ARRIVED for event in events)


def of_events(heard: Iterable[Heard], now: datetime) -> Notes:
    """The newest of each account. What a clock that runs ahead has received was heard now, and no later:
    else it would hide for long that nothing comes any more."""
    found: Notes = {}
    for one in heard:
        of = (one.provider, one.account)
        for what in (Happening.HEARD, Happening.BOUNCED) if one.bounced else (Happening.HEARD,):
            _keep(found, of, what, Happened(min(one.at, now)))
    return found


def of_releases(learned: Iterable[Upstream]) -> Notes:
    """The newest of each account that came to something."""
    found: Notes = {}
    for one in learned:
        what = _OF_RELEASES.get(one.state)
        if what is not None:
            _keep(found, (one.provider, one.account), what, Happened(one.at, one.hindrance))
    return found


def _keep(found: Notes, of: AccountName, what: Happening, happened: Happened) -> None:
    before = found.get((of, what))
    if before is None or before.at < happened.at:
        found[of, what] = happened


def is_news(at: datetime, noted: datetime | None) -> bool:
    """Whether it is written down, by when the same was last."""
    return noted is None or at - noted >= OFTEN


def waits(learned: Upstream | None) -> bool:
    """Whether a credential's release waits for the account, which is asked again."""
    return learned is not None and release_incident.is_put_off(learned)


def webhook(*, is_set: bool, is_called: bool) -> SetUp:
    """Of the secret that signs its webhooks; AWS comes by queues, which IAM guards."""
    return _set_up(is_set, is_called)


def upstream(*, is_set: bool, can_be_asked: bool) -> SetUp:
    """Of the key to its own list; some offer no call that tells who is on it."""
    return _set_up(is_set, can_be_asked)


def _set_up(is_set: bool, is_needed: bool) -> SetUp:  # noqa: FBT001 - private, and both are named by who calls
    if not is_needed:
        return SetUp.NONE
    return SetUp.SET_UP if is_set else SetUp.MISSING
