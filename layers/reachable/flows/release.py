"""Release a credential: after a reset, take it off the providers' own lists where that may be.

What is due is read from the table, so that a credential that comes twice, late or out of order is asked for
what is due then. Of what an incident's run has reset its releases are that run's (`release_incident`).
"""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from reachable import upstream
from reachable.flows import ask_upstream, keep_upstream
from reachable.flows.ask_upstream import Told
from reachable.model.credential import Credential
from reachable.model.errors import ListUnclear, PutOff, Unavailable
from reachable.model.history import HistoryKind, Standing
from reachable.model.status import Lifting
from reachable.model.upstream import Hindrance, Upstream
from reachable.rules import release as release_rules
from reachable.rules import status as status_rules
from reachable.rules.release import Asking
from reachable.store import upstream_pace
from reachable.store.credentials import history, holders

_LOOKS_FOR_SECONDS: Final = 8
"""No further list is looked at after so long, while somebody waits for their reset."""


def credential(reset: Credential, now: datetime) -> datetime | None:
    """Ask each account that is due after a reset; when to come again, None where all have answered.

    1 Query where nothing is due; else one more, which is all where the reset is an incident's; else 1
    BatchGetItem of holders, and 3 to 5 units an account.

    Raises:
        Unavailable: the accounts, or a table, cannot be read now.
    """
    standing = holders.standing(reset)
    askings = ask_upstream.askings(standing)
    times = [(asking, release_rules.due_at(asking.known, asking.lift, now)) for asking in askings]
    later = [at for _, at in times if at is not None and at > now]
    due = [asking for asking, at in times if at is not None and at <= now]
    if due:
        items = history.of(reset)
        if release_rules.is_of_incident(items, due[0].lift):
            return None
        told = ask_upstream.told(standing, items)
        answered = {asking.account_key: asking.known for asking in askings if asking not in due}
        for asking in due:
            answered[asking.account_key] = None
        for asking in due:
            learned = ask_upstream.one(asking, standing, told, now)
            answered[asking.account_key] = learned
            others = [answered[key] for key in answered if key[0] == asking.account.provider]
            keep_upstream.learned(asking, learned, others, standing, now)
            keep_upstream.count([learned], now)
            at = release_rules.due_at(learned, asking.lift, now)
            later += [at] if at is not None else []
    return min(later, default=None)


def after_reset(standing: Standing, now: datetime) -> tuple[Upstream, ...]:
    """How it stands on each list right after a reset, before anybody was asked: what nobody can release,
    too."""
    try:
        askings = ask_upstream.askings(standing)
    except Unavailable:  # the reset is done all the same
        return release_rules.shown(standing)
    says = [(ask_upstream.unasked(asking.account) or release_rules.asked, asking) for asking in askings]
    return tuple(say(asking, now) for say, asking in says)


def look_for_start(standing: Standing, now: datetime) -> bool:
    """Whether the list of the provider that told a STOP was looked at: what it says is kept.

    Of a number that is listed that it was seen there; once it is gone, the person texted START.
    """
    stopped_by = release_rules.stopped_by(standing.status)
    lift = release_rules.lifted_at(standing.status)
    try:
        accounts = ask_upstream.set_up(standing.credential)
    except Unavailable:  # the STOP stays, and the rest is reset all the same
        return False
    asked = [
        Asking(account, lift, ask_upstream.known(account, standing))
        for account in accounts
        if account.provider in stopped_by
        and account.settings is not None
        and upstream.can_be_asked(account.provider)
        and upstream.is_quick(account.provider)
    ]
    if not asked:
        return False
    told = ask_upstream.all_told(standing)
    ends = time.monotonic() + _LOOKS_FOR_SECONDS
    looked_at = [
        (asking, _looked_at(asking, standing, told, now) if time.monotonic() < ends else None)
        for asking in asked
    ]
    learned = [(asking, one) for asking, one in looked_at if one is not None]
    if len(learned) == len(asked):
        _start(release_rules.start(learned, standing.status), asked, standing, now)
    for asking, one in learned:
        keep_upstream.learned(asking, one, [None], standing, now)
        keep_upstream.count([one], now)
    return True


def _start(started: Lifting | None, asked: Sequence[Asking], standing: Standing, now: datetime) -> None:
    if started is None:
        return
    stops = " ".join(sorted(block.at for block in status_rules.blocks(standing.status)))
    line = keep_upstream.item(asked[0], HistoryKind.OPTED_IN, f"start {stops}", now, started)
    keep_upstream.move(standing.credential, line)


def _looked_at(asking: Asking, standing: Standing, told: Told, now: datetime) -> Upstream | None:
    """Whether it is listed; None where the account does not answer: the STOP stays, and may be asked of
    again."""
    if upstream_pace.closed(asking.account, now) is not None:
        return None
    try:
        listings = ask_upstream.look(asking.account, standing, told)
    except (PutOff, ListUnclear) as unanswered:
        ask_upstream.pause(asking.account, unanswered, now)
        return None
    if listings:
        stop = any(map(release_rules.is_stop, listings))
        return release_rules.stays(asking, Hindrance.START, now, listed=stop)
    return release_rules.released(asking, now)
