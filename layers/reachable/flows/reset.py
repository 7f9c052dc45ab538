"""Reset, or mark by hand, a user's credentials.

A reset sends nothing and deletes nothing. History, status and audit are written in one transaction.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from reachable.flows import scope
from reachable.model.credential import KIND_OF_CHANNEL, Credential, CredentialKind
from reachable.model.delivery_event import Channel, EventHex, event_hex
from reachable.model.details import Detail
from reachable.model.errors import Changed, Forbidden, Meaningless
from reachable.model.history import HistoryItem, HistoryKind, Standing
from reachable.model.people import User
from reachable.model.reset import ResetWish
from reachable.model.status import Block, Change, Ground, Lifting, Status
from reachable.model.viewer import Viewer
from reachable.rules import permissions
from reachable.rules import reset as reset_rules
from reachable.rules import status as status_rules
from reachable.rules.permissions import Action
from reachable.rules.reset import Decision, Outcome
from reachable.store import audit, credentials

BY_HAND = frozenset({Ground.MANUAL, Ground.UNSUBSCRIBED})
_PROVIDER = "reachable"


@dataclass(frozen=True, slots=True)
class Result:
    """What the reset did, credential by credential, and the profile's new etag."""

    decisions: dict[CredentialKind, Decision]
    etag: str


def reset(user_id: str, wish: ResetWish, viewer: Viewer, now: datetime) -> Result:
    """Lift the block of a user's credentials; of a good one nothing is written.

    Raises:
        Forbidden: the viewer's role does not reset.
        NotFound: no such user in scope.
        Meaningless: the user has no such credential.
        Changed: with ``if_match``, the profile is no longer what the viewer saw.
    """
    if not permissions.may(viewer.roles, Action.RESET):
        raise Forbidden(Detail.MAY_NOT_RESET)
    user = scope.user_in_scope(user_id, viewer)
    chosen = _chosen(user, wish.kinds)
    standings = {kind: credentials.standing(c) for kind, c in user.credentials.items()}
    if wish.if_match is not None and wish.if_match not in {"*", status_rules.etag(standings.values())}:
        raise Changed(Detail.PROFILE_CHANGED)
    decisions = {kind: _reset(user, standings[kind], wish, viewer, now) for kind in chosen}
    after = [
        _after(standings[kind], decisions[kind].lifting if kind in decisions else None)
        for kind in user.credentials
    ]
    return Result(decisions, status_rules.etag(after))


def mark_by_hand(
    user_id: str,
    kind: CredentialKind,
    channel: Channel | None,
    ground: Ground,
    note: str | None,
    viewer: Viewer,
    now: datetime,
) -> str:
    """Mark a credential bad on a person's word (``unsubscribed``: a revocation); the new etag.

    Raises:
        Forbidden: the viewer's role does not mark credentials.
        NotFound: no such user in scope.
        Meaningless: the user has no such credential, or it has no such channel.
    """
    if not permissions.may(viewer.roles, Action.MARK):
        raise Forbidden(Detail.MAY_NOT_MARK)
    user = scope.user_in_scope(user_id, viewer)
    (kind,) = _chosen(user, [kind])
    if channel is not None and KIND_OF_CHANNEL[channel] is not kind:
        raise Meaningless(Detail.NO_SUCH_CHANNEL, "/channel", kind=kind, channel=channel)
    hex_ = _new_hex()
    block = reset_rules.by_hand(kind, channel, ground, now, hex_)
    item = HistoryItem(
        hex=hex_,
        kind=HistoryKind.MARKED,
        provider=_PROVIDER,
        occurred_at=now,
        received_at=now,
        mark=block.at,
        channel=channel,
        cause=block.cause,
        moves=credentials.register_name(block),
        by=viewer.id,
        note=note,
    )
    _write(user, user.credentials[kind], item, block, audit.Act.MARKED)
    return status_rules.etag(credentials.standing(c) for c in user.credentials.values())


def _chosen(user: User, kinds: Collection[CredentialKind] | None) -> list[CredentialKind]:
    if kinds is None:
        return list(user.credentials)
    for i, kind in enumerate(kinds):
        if kind not in user.credentials:
            raise Meaningless(Detail.NO_SUCH_CREDENTIAL, f"/credentials/{i}", kind=kind)
    return list(dict.fromkeys(kinds))


def _reset(user: User, standing: Standing, wish: ResetWish, viewer: Viewer, now: datetime) -> Decision:
    decision = reset_rules.decide(
        standing.credential.kind, standing.status, now, consent=wish.consent is not None
    )
    if decision.lifting is None:
        return decision
    item = HistoryItem(
        hex=_new_hex(),
        kind=HistoryKind.RESET,
        provider=_PROVIDER,
        occurred_at=now,
        received_at=now,
        mark=decision.lifting.at,
        moves=credentials.register_name(decision.lifting),
        lift=decision.lifting.by,
        by=viewer.id,
        note=wish.note,
        consent=wish.consent,
    )
    seen = standing.status if wish.if_match is not None else None
    moved = _write(user, standing.credential, item, decision.lifting, audit.Act.RESET, seen=seen)
    return decision if moved else Decision(Outcome.ALREADY_GOOD)


def _write(
    user: User,
    credential: Credential,
    item: HistoryItem,
    change: Change,
    act: audit.Act,
    *,
    seen: Status | None = None,
) -> bool:
    entry = audit.Entry(
        id=item.hex,
        at=item.occurred_at,
        act=act,
        by=item.by or "",
        user_id=user.id,
        details={"credential": credential.kind.value, "moves": item.moves or ""}
        | ({"note": item.note} if item.note else {}),
    )
    return credentials.change_by_staff(credential, item, change, audit.puts(entry), seen=seen)


def _new_hex() -> EventHex:
    return event_hex(_PROVIDER, str(uuid4()))


def _after(standing: Standing, lifting: Lifting | Block | None) -> Standing:
    if lifting is None:
        return standing
    return Standing(standing.credential, status_rules.join(standing.status, [lifting]), standing.holders)
