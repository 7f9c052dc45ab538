"""Reset, or mark by hand, a user's credentials.

A reset sends nothing and deletes nothing. History, status and audit of all that it resets are one
transaction, on condition that every status is as it was read; where another act came between, it is decided
anew.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import uuid4

from reachable.flows import anew, release, scope
from reachable.model.credential import KIND_OF_CHANNEL, CredentialKind
from reachable.model.delivery_event import OURS, Channel, EventHex, event_hex
from reachable.model.details import Detail
from reachable.model.errors import Changed, Meaningless
from reachable.model.history import HistoryItem, HistoryKind, Standing
from reachable.model.people import User
from reachable.model.reset import ResetWish
from reachable.model.status import Block, Ground, Lifting, register_name
from reachable.model.upstream import Upstream
from reachable.model.viewer import Viewer
from reachable.rules import release as release_rules
from reachable.rules import reset as reset_rules
from reachable.rules import status as status_rules
from reachable.rules.reset import Decision
from reachable.store import audit
from reachable.store.credentials import holders, staff
from reachable.store.credentials.staff import StaffAct

BY_HAND: Final = frozenset({Ground.MANUAL, Ground.UNSUBSCRIBED})

type _Standings = Mapping[CredentialKind, Standing]


@dataclass(frozen=True, slots=True)
class Result:
    """What the reset did, credential by credential, and the profile's new etag.

    ``upstream`` is how each stands on the providers' own lists now, where it was to be reset.
    """

    decisions: dict[CredentialKind, Decision]
    upstream: dict[CredentialKind, tuple[Upstream, ...]]
    etag: str


def reset(user_id: str, wish: ResetWish, viewer: Viewer, now: datetime) -> Result:
    """Lift the block of a user's credentials, all or none; of a good one nothing is written.

    Raises:
        NotFound: no such user in scope.
        Meaningless: the user has no such credential.
        Changed: with ``if_match``, the profile is no longer what the viewer saw.
        Conflict: other acts came between each time.
    """
    user = scope.user_in_scope(user_id, viewer)
    chosen = _chosen(user, wish.kinds)
    seen = _seen(wish.if_match)

    def attempt() -> Result:
        standings = _standings(user)
        _look(standings, seen)
        standings = _started(standings, chosen, now)
        decisions = {
            kind: reset_rules.decide(
                kind,
                standings[kind].status,
                now,
                consent=wish.consent is not None,
                listed=release_rules.is_listed(standings[kind]),
            )
            for kind in chosen
        }
        acts = [
            _act(standing, decisions.get(kind), wish, viewer, now) for kind, standing in standings.items()
        ]
        # What is only read must stay so where the viewer's picture of the whole profile counts.
        acts = [act for act in acts if act.item is not None or seen is not None]
        _write(user, acts, audit.Act.RESET, _unlifted(user, decisions, viewer, now))
        after = {kind: _after(standing, decisions.get(kind)) for kind, standing in standings.items()}
        listed = {
            kind: release_rules.shown(after[kind])
            if decision.lifting is None
            else release.after_reset(after[kind], now)
            for kind, decision in decisions.items()
        }
        return Result(decisions, listed, status_rules.etag(after.values()))

    return anew.where_changed(attempt) if seen is None else attempt()


def mark_by_hand(
    user_id: str,
    kind: CredentialKind,
    channel: Channel | None,
    ground: Ground,
    note: str | None,
    viewer: Viewer,
    now: datetime,
    *,
    if_match: str | None = None,
) -> str:
    """Mark a credential bad on a person's word (``unsubscribed``: a revocation); the new etag.

    Raises:
        NotFound: no such user in scope.
        Meaningless: the user has no such credential, it has no such channel, or no hand sets this ground.
        Changed: with ``if_match``, the profile is no longer what the viewer saw.
        Conflict: other acts came between each time.
    """
    user = scope.user_in_scope(user_id, viewer)
    if ground not in BY_HAND:
        raise Meaningless(Detail.NO_GROUND_BY_HAND, "/ground")
    (kind,) = _chosen(user, [kind])
    if channel is not None and KIND_OF_CHANNEL[channel] is not kind:
        raise Meaningless(Detail.NO_SUCH_CHANNEL, "/channel", kind=kind, channel=channel)
    seen = _seen(if_match)
    hex_ = _new_hex()

    def attempt() -> str:
        standings = _standings(user)
        _look(standings, seen)
        standing = standings[kind]
        block = reset_rules.by_hand(kind, channel, ground, now, hex_, standing.status)
        item = HistoryItem(
            hex=hex_,
            kind=HistoryKind.MARKED,
            provider=OURS,
            occurred_at=now,
            received_at=now,
            mark=block.at,
            channel=channel,
            cause=block.cause,
            moves=register_name(block),
            by=viewer.id,
            note=note,
        )
        moves = status_rules.join(standing.status, [block]) != standing.status
        act = StaffAct(
            credential=standing.credential, seen=standing.status, item=item, change=block if moves else None
        )
        _write(user, [act], audit.Act.MARKED)
        after = [_joined(s, block) if s is standing else s for s in standings.values()]
        return status_rules.etag(after)

    return anew.where_changed(attempt) if seen is None else attempt()


def _look(standings: _Standings, seen: Collection[str] | None) -> None:
    if seen is not None and status_rules.etag(standings.values()) not in seen:
        raise Changed(Detail.PROFILE_CHANGED)


def _seen(if_match: str | None) -> frozenset[str] | None:
    """The etags of If-Match (RFC 9110, 13.1.1); None where any will do."""
    etags = frozenset(etag.strip() for etag in ("*" if if_match is None else if_match).split(","))
    return None if "*" in etags else etags


def _standings(user: User) -> _Standings:
    return {kind: holders.standing(credential) for kind, credential in user.credentials.items()}


def _started(standings: _Standings, kinds: Iterable[CredentialKind], now: datetime) -> _Standings:
    """As they are once the provider has told whether who replied STOP has texted START since."""
    looked_at = [
        kind
        for kind in kinds
        if release_rules.stopped_by(standings[kind].status) and release.look_for_start(standings[kind], now)
    ]
    return {**standings, **{kind: holders.standing(standings[kind].credential) for kind in looked_at}}


def _chosen(user: User, kinds: Collection[CredentialKind] | None) -> list[CredentialKind]:
    if kinds is None:
        return list(user.credentials)
    for i, kind in enumerate(kinds):
        if kind not in user.credentials:
            raise Meaningless(Detail.NO_SUCH_CREDENTIAL, f"/credentials/{i}", kind=kind)
    return list(dict.fromkeys(kinds))


def _act(
    standing: Standing, decision: Decision | None, wish: ResetWish, viewer: Viewer, now: datetime
) -> StaffAct:
    """What is written of one credential: nothing where nothing is lifted."""
    if decision is None or decision.lifting is None:
        return StaffAct(credential=standing.credential, seen=standing.status)
    item = HistoryItem(
        hex=_new_hex(),
        kind=HistoryKind.RESET,
        provider=OURS,
        occurred_at=now,
        received_at=now,
        mark=decision.lifting.at,
        moves=register_name(decision.lifting),
        lift=decision.lifting.by,
        by=viewer.id,
        note=wish.note,
        consent=wish.consent,
    )
    return StaffAct(credential=standing.credential, seen=standing.status, item=item, change=decision.lifting)


def _write(
    user: User, acts: Collection[StaffAct], act: audit.Act, others: Iterable[audit.AuditRecord] = ()
) -> None:
    """What acts have to write, and ``others`` that only tell of something asked for: in one transaction.

    Raises:
        Changed: a status is no longer as it was read.
    """
    done = [
        _record(user, staff_act.credential.kind, staff_act.item, act)
        for staff_act in acts
        if staff_act.item is not None
    ]
    records = [*done, *others]
    if records:
        staff.write(acts if done else (), [put for record in records for put in audit.puts(record)])


def _unlifted(
    user: User, decisions: Mapping[CredentialKind, Decision], viewer: Viewer, now: datetime
) -> list[audit.AuditRecord]:
    """That somebody wanted to reset what stays as it is, and so learned how it stands."""
    return [
        audit.AuditRecord(
            at=now,
            act=audit.Act.RESET,
            by=viewer.id,
            user_id=user.id,
            details={"credential": kind.value, "outcome": decision.outcome.value},
        )
        for kind, decision in decisions.items()
        if decision.lifting is None
    ]


def _record(user: User, kind: CredentialKind, item: HistoryItem, act: audit.Act) -> audit.AuditRecord:
    return audit.AuditRecord(
        id=item.hex,
        at=item.occurred_at,
        act=act,
        by=item.by or "",
        user_id=user.id,
        details={"credential": kind.value, "moves": item.moves or ""}
        | ({"note": item.note} if item.note else {}),
    )


def _new_hex() -> EventHex:
    return event_hex(OURS, str(uuid4()))


def _after(standing: Standing, decision: Decision | None) -> Standing:
    lifting = decision.lifting if decision else None
    return standing if lifting is None else _joined(standing, lifting)


def _joined(standing: Standing, change: Lifting | Block) -> Standing:
    return replace(standing, status=status_rules.join(standing.status, [change]))
