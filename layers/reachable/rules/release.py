"""What a reset asks of the providers' own lists, and what their answers mean (design section 5).

After a reset each provider is asked once; the answer is of the newest reset. What is listed there for a
bounce is taken off; for a person's wish only with their consent, and a STOP never: START alone ends that.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Channel, Permanence
from reachable.model.errors import PutOff
from reachable.model.history import HistoryItem, HistoryKind, Standing
from reachable.model.status import (
    LOWEST_HEX,
    NEVER,
    Block,
    Ground,
    Lift,
    Lifting,
    Mark,
    Status,
    mark,
    time_of,
)
from reachable.model.upstream import Account, Hindrance, Listing, ListReason, Upstream, UpstreamState
from reachable.rules import status as status_rules

CLOCKS: Final = timedelta(minutes=10)
"""How far a provider's clock may run ahead of ours: an entry that is younger than that came after a reset."""
_CONSENT_FOR: Final = timedelta(hours=1)
"""How long a consent is taken for newer than a wish whose time nobody tells."""
NOT_BEFORE: Final = timedelta(days=30)
"""How often AWS takes a number off an opt-out list at most (sms-voice user guide, "Opt-out lists")."""
TRIES: Final = 16
"""After so many that came to nothing, about two days, it is not tried again by itself."""
_FIRST_WAIT: Final = timedelta(minutes=1)
_LONGEST_WAIT: Final = timedelta(hours=6)
WAITS_FOR: Final = timedelta(days=3)
"""How long after a reset an account that answers nobody is waited for."""
DENIED_FOR: Final = timedelta(hours=1)
"""How long a provider that does not know our key is asked no more: ops are told once in that time."""

_OF_THE_LIST: Final = frozenset({Ground.SUPPRESSED, Ground.OPT_OUT})
"""What the list itself closes: it may be over there."""
_KINDS: Final[Mapping[UpstreamState, HistoryKind]] = {
    UpstreamState.RELEASED: HistoryKind.RELEASED,
    UpstreamState.RELEASING: HistoryKind.RELEASING,
    UpstreamState.REFUSED: HistoryKind.RELEASE_REFUSED,
    UpstreamState.LISTED: HistoryKind.RELEASE_REFUSED,
    UpstreamState.UNKNOWN: HistoryKind.RELEASE_UNKNOWN,
}
_FIRST_TOLD: Final = (
    Hindrance.START,
    Hindrance.CONSENT,
    Hindrance.LISTED_AGAIN,
    Hindrance.SUPPORT,
    Hindrance.OWN_GUESS,
    Hindrance.NOT_YET,
    Hindrance.IN_LINE,
)
"""Where several entries stay: what a person can do about, first."""


# When


def lifted_at(status: Status) -> Mark:
    """The newest reset; NEVER where there was none."""
    return max(status.lifted.get(Lift.STAFF, NEVER), status.lifted.get(Lift.CONSENT, NEVER))


def reset_at(items: Iterable[HistoryItem], lift: Mark) -> datetime:
    """When the reset with this mark was done: what is lifted by its age has the mark of what had closed it.

    Without its history item, the time of its mark.
    """
    done = (item.occurred_at for item in items if item.kind is HistoryKind.RESET and item.mark == lift)
    return next(done, None) or time_of(lift)


def is_of_incident(items: Iterable[HistoryItem], lift: Mark) -> bool:
    """Whether an incident's run wrote the reset with this mark: then its releases are that run's."""
    return any(
        item.kind is HistoryKind.RESET and item.mark == lift and item.incident is not None for item in items
    )


def is_wanted(status: Status, channel: Channel) -> bool:
    """Whether a reset opened this channel, and nothing but a provider's own list closes it by now.

    What failed again since then, or was marked again, is to stay closed, there too.
    """
    in_force = status_rules.blocks_on(status, channel)
    return lifted_at(status) != NEVER and all(block.register.ground in _OF_THE_LIST for block in in_force)


def due_at(known: Upstream | None, lift: Mark, now: datetime) -> datetime | None:
    """When a provider is to be asked after this reset; None where it has answered."""
    if known is None or known.answers < lift:
        return now
    return known.retry_after if known.state in _UNDECIDED else None


_UNDECIDED: Final = frozenset({UpstreamState.RELEASING, UpstreamState.UNKNOWN})


def named(status: Status, channel: Channel) -> list[str]:
    """The providers that, by what they told of this address, may have it on their list."""
    told = {block.provider for block in status.blocked if channel in block.channels and _may_list(block)}
    return sorted(told)


def _may_list(block: Block) -> bool:
    if block.register.ground is not Ground.BOUNCE:
        return block.register.ground is not Ground.MANUAL
    return Channel.EMAIL in block.channels and block.permanence is not Permanence.TRANSIENT


# What an entry means


def hindrance(listing: Listing, status: Status, reset_at: datetime, now: datetime) -> Hindrance | None:
    """What keeps an entry where it is after a reset that was done then; None where it may be taken off."""
    match listing.reason:
        case ListReason.OPT_OUT:
            return Hindrance.START
        case _ if _has_stopped(status):
            return Hindrance.START  # nothing opens a number whose person said STOP, whoever put it there
        case ListReason.PROVIDER:
            return Hindrance.SUPPORT
        case ListReason.UNTOLD:
            if not _is_consented(listing, status, now):
                return Hindrance.START
        case ListReason.COMPLAINT | ListReason.UNSUBSCRIBED:
            if not _is_consented(listing, status, now):
                return Hindrance.CONSENT
        case ListReason.BOUNCE | ListReason.MANUAL:
            pass
        case _:
            assert_never(listing.reason)
    return Hindrance.LISTED_AGAIN if _is_younger(listing, reset_at) else None


def _is_consented(listing: Listing, status: Status, now: datetime) -> bool:
    """Whether the person has said since that messages may come again.

    Where nobody tells when the wish was said, a consent counts for an hour: a later wish looks just alike.
    """
    consent = status.lifted.get(Lift.CONSENT, NEVER)
    if consent == NEVER:
        return False
    if listing.since is not None:
        return listing.since <= time_of(consent)
    return consent == lifted_at(status) and now - time_of(consent) <= _CONSENT_FOR


def _is_younger(listing: Listing, reset_at: datetime) -> bool:
    return listing.since is not None and listing.since > reset_at + CLOCKS


def _has_stopped(status: Status) -> bool:
    return bool(stopped_by(status))


def stopped_by(status: Status) -> frozenset[str]:
    """The providers that told a STOP that is in force."""
    in_force = status_rules.blocks(status)
    return frozenset(block.provider for block in in_force if block.register.ground is Ground.OPT_OUT)


def is_stop(listing: Listing) -> bool:
    """Whether an entry is the person's STOP, as far as anybody can tell."""
    return listing.reason in (ListReason.OPT_OUT, ListReason.UNTOLD)


def first_told(hindrances: Iterable[Hindrance | None]) -> Hindrance | None:
    """What is told of an address with several entries; None where all are gone."""
    told = set(hindrances)
    return next((hindrance for hindrance in _FIRST_TOLD if hindrance in told), None)


@dataclass(frozen=True, slots=True)
class Behind:
    """What keeps an address away though no list that can be asked has it; ``until``, where it passes."""

    why: Hindrance
    until: datetime | None = None


def behind(
    items: Iterable[HistoryItem],
    provider: str,
    told: Mapping[str, tuple[Hindrance, timedelta | None]],
    now: datetime,
) -> Behind | None:
    """What the newest refusal of a provider says by its code that no list says; ``items`` newest first."""
    newest = next((item for item in items if item.provider == provider and item.kind in _REFUSALS), None)
    code = (newest.provider_code or "").lower().rpartition("/")[2] if newest else ""
    if newest is None or code not in told:
        return None
    why, lasts = told[code]
    until = newest.occurred_at + lasts if lasts else None
    return None if until is not None and until <= now else Behind(why, until)


_REFUSALS: Final = frozenset({HistoryKind.BOUNCED, HistoryKind.COMPLAINED})


# What was learned


@dataclass(frozen=True, slots=True)
class Asking:
    """An account that is asked after the newest reset, ``lift``; ``known`` is what it said before."""

    account: Account
    lift: Mark
    known: Upstream | None = None

    @property
    def account_key(self) -> tuple[str, str]:
        """Provider and account."""
        return self.account.provider, self.account.name

    @property
    def tries(self) -> int:
        """How often it was asked in vain after this reset."""
        return self.known.tries if self.known is not None and self.known.answers == self.lift else 0

    @property
    def is_its_turn(self) -> bool:
        """Whether a place in the line was kept for it, and the time has come."""
        known = self.known
        return known is not None and known.answers == self.lift and known.hindrance is Hindrance.IN_LINE


def released(asking: Asking, now: datetime, *, removed: bool = False) -> Upstream:
    """It is on the list no longer, or never was. What we have ``removed`` tells nothing of the person."""
    learned = replace(_learned(asking, UpstreamState.RELEASED, now), released_at=now)
    return replace(learned, listed_at=None, listed_in=None) if removed else learned


def stays(
    asking: Asking, why: Hindrance, now: datetime, *, until: datetime | None = None, listed: bool = False
) -> Upstream:
    """Something keeps it there; ``until``, where it ends by itself then.

    ``listed``: as the person's STOP it was seen there, so that its end would be their START.
    """
    if why is Hindrance.NOT_YET and until is None:
        until = _not_before(asking, now)
    state = UpstreamState.LISTED if why is Hindrance.LISTED_AGAIN else UpstreamState.REFUSED
    learned = _learned(asking, state, now)
    learned = replace(learned, hindrance=why, retry_after=until)
    return replace(learned, listed_at=now, listed_in=asking.account.lists) if listed else learned


def _not_before(asking: Asking, now: datetime) -> datetime:
    last = asking.known.released_at if asking.known else None
    return (last or now) + NOT_BEFORE


def asked(asking: Asking, now: datetime) -> Upstream:
    """It is about to be asked."""
    return _learned(asking, UpstreamState.RELEASING, now)


def in_line(asking: Asking, turn: datetime, now: datetime) -> Upstream:
    """Its turn comes later."""
    waiting = _learned(asking, UpstreamState.RELEASING, now)
    return replace(waiting, hindrance=Hindrance.IN_LINE, retry_after=turn, tries=asking.tries)


def waits(asking: Asking, until: datetime, reset_at: datetime, now: datetime, *, denied: bool) -> Upstream:
    """Its account is asked nothing until then: another credential was put off. Given up days after the
    reset was done."""
    again = until if now - reset_at < WAITS_FOR else None
    state = UpstreamState.RELEASING if again and not denied else UpstreamState.UNKNOWN
    waiting = _learned(asking, state, now)
    return replace(waiting, hindrance=_why(again, denied=denied), retry_after=again, tries=asking.tries)


def put_off(asking: Asking, why: PutOff, now: datetime) -> Upstream:
    """It did not answer, or does not let us: tried again a few times, later each time."""
    tries = asking.tries + 1
    wait = wait_after(tries)
    if why.denied:
        wait = max(wait, DENIED_FOR)
    again = now + max(wait, timedelta(seconds=why.seconds or 0)) if tries < TRIES else None
    state = UpstreamState.RELEASING if again and not why.denied else UpstreamState.UNKNOWN
    learned = _learned(asking, state, now)
    return replace(learned, hindrance=_why(again, denied=why.denied), retry_after=again, tries=tries)


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many that came to nothing: twice as long each time, up to hours."""
    times: int = 2 ** (tries - 1)
    return min(_FIRST_WAIT * times, _LONGEST_WAIT)


def _why(again: datetime | None, *, denied: bool) -> Hindrance:
    if denied:
        return Hindrance.NOT_SET_UP
    return Hindrance.NO_ANSWER if again else Hindrance.GAVE_UP


def not_set_up(asking: Asking, now: datetime) -> Upstream:
    """No account of the provider is set up, or its document cannot be read: the next reset asks again."""
    return replace(_learned(asking, UpstreamState.UNKNOWN, now), hindrance=Hindrance.NOT_SET_UP)


def cannot_tell(asking: Asking, now: datetime) -> Upstream:
    """No call tells, or its answer tells nothing: the next message will show."""
    return replace(_learned(asking, UpstreamState.UNKNOWN, now), hindrance=Hindrance.CANNOT_BE_ASKED)


def _learned(asking: Asking, state: UpstreamState, now: datetime) -> Upstream:
    known = asking.known
    return Upstream(
        provider=asking.account.provider,
        account=asking.account.name,
        state=state,
        at=now,
        answers=asking.lift,
        listed_at=known.listed_at if known else None,
        listed_in=known.listed_in if known else None,
        released_at=known.released_at if known else None,
    )


def kind(learned: Upstream) -> HistoryKind:
    """As what it stands in the history."""
    return _KINDS[learned.state]


def lifting(learned: Upstream, others: Iterable[Upstream], status: Status, now: datetime) -> Lifting | None:
    """What a confirmed release lifts: this provider's refusals, which another's would outlive.

    Of a provider with several accounts once all have let it go: ``others`` are those. Its mark is the later
    of now, cut to the second, and of those that it saw.
    """
    if any(one.state is not UpstreamState.RELEASED for one in (learned, *others)):
        return None
    refusals = [block for block in status_rules.blocks(status) if block.register.ground is Ground.SUPPRESSED]
    if any(block.provider != learned.provider for block in refusals):
        return None
    return Lifting(Lift.RELEASE, _after(refusals, now))


def start(looked_at: Sequence[tuple[Asking, Upstream]], status: Status) -> Lifting | None:
    """The person's START, told by the lists of the very provider that told the STOP, all at one look.

    One of them had the number since the STOP, and none has it now. Nobody but the person can have done that:
    we take nothing off while a STOP is in force, and the same lists were looked at then and now. The mark is
    that of the STOP: another one, that nobody has told yet, stays.
    """
    if any(learned.state is not UpstreamState.RELEASED for _, learned in looked_at):
        return None
    stops = [block for block in status_rules.blocks(status) if block.register.ground is Ground.OPT_OUT]
    if {block.provider for block in stops} != {asking.account.provider for asking, _ in looked_at}:
        return None
    if not all(any(_saw(asking, stop) for asking, _ in looked_at) for stop in stops):
        return None
    return Lifting(Lift.START, max(stop.at for stop in stops)) if stops else None


def _saw(asking: Asking, stop: Block) -> bool:
    known = asking.known
    return (
        known is not None
        and asking.account.provider == stop.provider
        and known.listed_at is not None
        and known.listed_at >= time_of(stop.at)
        and known.listed_in == asking.account.lists
    )


def _after(blocks: Sequence[Block], now: datetime) -> Mark:
    return max(mark(now.replace(microsecond=0), LOWEST_HEX), *(block.at for block in blocks), NEVER)


# What is shown


def shown(standing: Standing) -> tuple[Upstream, ...]:
    """How it stands on each list: what was learned last, or what a refusal has told since.

    What was learned after an earlier reset than the newest is about to be asked again.
    """
    again = _asked_again(standing)
    refusals = {
        block.provider: time_of(block.at)
        for block in status_rules.blocks(standing.status)
        if block.register.ground is Ground.SUPPRESSED
    }
    told = [
        Upstream(provider=known.provider, account=known.account, state=UpstreamState.LISTED, at=at)
        if (at := refusals.get(known.provider)) is not None and at > known.at
        else again(known)
        for known in standing.upstream
    ]
    new = refusals.keys() - {known.provider for known in standing.upstream}
    told += (
        Upstream(provider=provider, state=UpstreamState.LISTED, at=refusals[provider])
        for provider in sorted(new)
    )
    return tuple(told)


def _asked_again(standing: Standing) -> Callable[[Upstream], Upstream]:
    lift = lifted_at(standing.status)
    kind = standing.credential.kind
    channel = Channel.EMAIL if kind is CredentialKind.EMAIL else Channel.SMS
    if not is_wanted(standing.status, channel):
        return lambda known: known

    def asked_again(known: Upstream) -> Upstream:
        if known.answers >= lift:
            return known
        return Upstream(
            provider=known.provider,
            account=known.account,
            state=UpstreamState.RELEASING,
            at=max(known.at, time_of(lift)),
        )

    return asked_again


def is_listed(standing: Standing) -> bool:
    """Whether some provider's own list may still refuse it, after all that was tried."""
    return any(known.state in _NOT_RELEASED for known in shown(standing))


_NOT_RELEASED: Final = frozenset({UpstreamState.LISTED, UpstreamState.REFUSED, UpstreamState.UNKNOWN})
