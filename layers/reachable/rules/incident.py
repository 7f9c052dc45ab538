"""What an incident's run does to a credential, and what its undo does (design section 5, "Undo an incident").

A lift opens all up to its mark. So what the incident closed is opened where nothing else would keep the
credential closed: the history is folded without the incident's events, and what is in force then is left
alone. The lift's mark is that of the newest event of the incident, never now: a later bounce closes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from reachable.model.credential import KIND_OF_CHANNEL, Credential
from reachable.model.delivery_event import OURS, Cause, EventHex, event_hex
from reachable.model.history import HistoryItem, HistoryKind, Standing
from reachable.model.incident import (
    UNDONE_AFTER,
    Incident,
    IncidentAct,
    IncidentState,
    Judged,
    Outcome,
    Selection,
    Where,
)
from reachable.model.status import (
    NEVER,
    Block,
    Lift,
    Lifting,
    Status,
    TransientBounce,
    hex_of,
    mark,
    time_of,
)
from reachable.model.upstream import DEFAULT_ACCOUNT
from reachable.rules import history as history_rules
from reachable.rules import status as status_rules

_MAY: Final[Mapping[IncidentState, tuple[IncidentAct, ...]]] = {
    IncidentState.RAISED: (IncidentAct.COUNT,),
    IncidentState.WAITING: (),
    IncidentState.COUNTING: (IncidentAct.STOP,),
    IncidentState.COUNTED: (IncidentAct.COUNT, IncidentAct.START),
    IncidentState.REFUSED: (),
    IncidentState.RUNNING: (IncidentAct.STOP,),
    IncidentState.STOPPING: (),
    IncidentState.STOPPED: (IncidentAct.COUNT, IncidentAct.START, IncidentAct.UNDO),
    IncidentState.DONE: (IncidentAct.UNDO,),
    IncidentState.UNDOING: (),
    IncidentState.UNDONE: (),
    IncidentState.FAILED: (IncidentAct.COUNT, IncidentAct.START, IncidentAct.UNDO),
}
LEFT_OVER: Final = timedelta(minutes=1)
"""So long after an execution has failed one of its workers may still be at a write."""


def may(incident: Incident, now: datetime) -> tuple[IncidentAct, ...]:
    """What can be done with it in its state: it starts as it was counted last, and ends what once ran.

    Whoever counts it anew takes away that it was counted.
    """
    told = incident.times
    if incident.state is IncidentState.FAILED and now - told[IncidentState.FAILED] < LEFT_OVER:
        return ()
    ran = IncidentState.RUNNING in told
    counted = IncidentState.COUNTED in told
    begun = IncidentState.UNDOING in told  # what an undo closed again no run opens
    allowed = {
        IncidentAct.COUNT: not ran,
        IncidentAct.START: counted and not begun,
        IncidentAct.STOP: True,
        IncidentAct.UNDO: ran,
    }
    return tuple(act for act in _MAY[incident.state] if allowed[act])


def selection(incident: Incident, events: frozenset[EventHex] | None = None) -> Selection:
    """Which lines of a history an incident is about; ``events`` are those of a candidate, by name."""
    return Selection(before=incident.times[IncidentState.COUNTING], where=incident.where, events=events)


# Who and what it concerns


def may_concern(where: Where, credential: Credential) -> bool:
    """Whether a credential can be meant at all, by what it is: its kind and its domain."""
    of_kind = where.channel is None or KIND_OF_CHANNEL[where.channel] is credential.kind
    return of_kind and (where.domain is None or credential.domain == where.domain)


def concerns(where: Where, standing: Standing) -> bool:
    """Whether it is meant by the schools of who holds it now, too."""
    if not may_concern(where, standing.credential):
        return False
    return where.school is None or any(where.school in holder.schools for holder in standing.current)


def selects(selection: Selection, item: HistoryItem) -> bool:
    """Whether a line of the history is of the incident: something that closes, and that staff may lift."""
    change = status_rules.change_of(item)
    if not isinstance(change, Block | TransientBounce) or item.received_at >= selection.before:
        return False
    if Lift.STAFF not in status_rules.lifted_by(change.register):
        return False
    if selection.events is not None:
        return item.hex in selection.events
    return selection.where is None or _fits(selection.where, item)


def _fits(where: Where, item: HistoryItem) -> bool:
    """What somebody has marked by hand is meant only where it is asked for."""
    by_hand = item.cause is Cause.MANUAL and where.cause is not Cause.MANUAL
    at = history_rules.first_at(item)
    return (
        not by_hand
        and where.from_ <= at
        and (where.to is None or at < where.to)
        and _is(where.channel, item.channel)
        and _is(where.provider, item.provider)
        and _is(where.account, item.account or DEFAULT_ACCOUNT)
        and _is(where.cause, item.cause)
        and _is_code(where.code, item)
        and (where.text is None or where.text.casefold() in (item.diagnostic or "").casefold())
    )


def _is(asked: str | None, told: str | None) -> bool:
    return asked is None or asked == told


def _is_code(asked: str | None, item: HistoryItem) -> bool:
    codes = (code.casefold() for code in (item.provider_code, item.smtp_status) if code is not None)
    return asked is None or asked.casefold() in codes


# A run


def judge(selection: Selection, standing: Standing, items: Sequence[HistoryItem]) -> Judged | None:
    """What a run does to a credential, by its whole history; None where nothing of it is of the incident.

    What is in force without a history item, since that was erased, is nobody's whom we know: it stays.
    """
    if selection.where is not None and not concerns(selection.where, standing):
        return None
    chosen = {item.hex for item in items if selects(selection, item)}
    if not chosen:
        return None
    rest = _fold(standing.status, items, lambda item: item.hex not in chosen)
    others = status_rules.blocks(rest)
    if others:
        return Judged(Outcome.LEFT_ALONE, others=others)
    whole = _fold(standing.status, items, lambda _: True)
    blocks = status_rules.blocks(whole)
    if not blocks:
        return Judged(Outcome.ALREADY_GOOD)
    newest = max(item.mark for item in items if item.hex in chosen and _is_unlifted(item, whole))
    return Judged(Outcome.RESET, blocks, lifting=Lifting(Lift.STAFF, newest))


def _is_unlifted(item: HistoryItem, status: Status) -> bool:
    """Whether nothing has lifted an event, which may lie below a newer one, or not be enough to close."""
    change = status_rules.change_of(item)
    assert isinstance(change, Block | TransientBounce)  # noqa: S101 - `selects` has looked
    lifts = status_rules.lifted_by(change.register)
    return all(item.mark > status.lifted.get(by, NEVER) for by in lifts)


def _fold(status: Status, items: Iterable[HistoryItem], taken: Callable[[HistoryItem], bool]) -> Status:
    """The status that some of the history gives, with what stands in the registers alone.

    A history item is written before its register moves, so that the history is what counts.
    """
    listed = list(items)
    known = {item.hex for item in listed}
    untold = tuple(block for block in status.blocked if hex_of(block.at) not in known)
    of_items = (status_rules.change_of(item) for item in listed if taken(item))
    bare = replace(status, blocked=untold, transient={})
    return status_rules.join(bare, (change for change in of_items if change is not None))


def reset_hex(incident_id: str, credential: Credential) -> EventHex:
    """The line that an incident's run writes into the history of a credential: the same each time."""
    return event_hex(OURS, f"incident {incident_id} {credential}")


def opened(judged: Judged) -> dict[str, EventHex]:
    """What a run's lift opens, by register."""
    return {str(block.register): hex_of(block.at) for block in judged.blocks}


# Its undo


def restored(
    incident_id: str,
    credential: Credential,
    reset: HistoryItem,
    originals: Mapping[EventHex, HistoryItem],
    by: str,
    now: datetime,
) -> list[HistoryItem]:
    """The lines that close again what an incident's reset has opened, a line a register.

    Their marks are one microsecond after the lift, so that they overrule it and any later reset overrules
    them. They tell what closed it at first; where that was erased, no more than that it was closed.
    """
    at = time_of(reset.mark) + UNDONE_AFTER
    return [
        _restored(incident_id, credential, register, originals.get(hex_), at, by, now)
        for register, hex_ in sorted(reset.opened.items())
    ]


def _restored(
    incident_id: str,
    credential: Credential,
    register: str,
    original: HistoryItem | None,
    at: datetime,
    by: str,
    now: datetime,
) -> HistoryItem:
    hex_ = event_hex(OURS, f"undo {incident_id} {credential} {register}")
    item = HistoryItem(
        hex=hex_,
        kind=HistoryKind.RESTORED,
        provider=OURS,
        occurred_at=now,
        received_at=now,
        mark=mark(at, hex_),
        moves=register,
        by=by,
        incident=incident_id,
    )
    if original is None:
        return replace(item, cause=Cause.UNKNOWN)
    return replace(
        item,
        provider=original.provider,
        account=original.account,
        channel=original.channel,
        permanence=original.permanence,
        cause=original.cause,
        sent_at=original.sent_at,
        event_id=original.event_id,
        provider_message_id=original.provider_message_id,
        provider_code=original.provider_code,
        smtp_status=original.smtp_status,
        diagnostic=original.diagnostic,
        raw=original.raw,
        note=original.note,
        first_at=history_rules.first_at(original),
    )
