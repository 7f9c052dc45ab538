"""What an import writes of the table ``roster``, and the holders that follow: the differences alone.

The listing tells by digest which records have changed since they were last written whole; only those are
read and written. A record is written in four steps, each of which may be repeated: the listing says that it
is being written; its profile, which remembers what is now to be taken away (``stale``); its other items and
holders; the listing has its digest. So a run that ends anywhere is made good by the next, of whatever
roster: of a record that was being written all items are written again, and all that any version had besides
is taken away.

Who is created as pending and shall be invited is marked so in the listing, before anything else of the user
is written; the mark stays until ``note_invited``. So no invitation is lost to a run that ends anywhere, and
the marks cost no reading: the listing is read anyway.
"""

import zlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import Any, Final, cast

import orjson

from reachable.model.credential import Credential, CredentialKind
from reachable.model.people import AccountStatus, Holder, RosterKind, RosterRecord, User
from reachable.store import dynamodb
from reachable.store.credentials import holders
from reachable.store.dynamodb import Item
from reachable.store.roster import listing
from reachable.store.roster.items import (
    PROFILE,
    REACH,
    REMOVED,
    TABLE,
    EntityId,
    Place,
    Row,
    digest,
    entity_of,
    listing_place,
    of_plain,
    place,
    plain,
    reach,
    spread,
)
from reachable.store.roster.listing import UNLISTED, Line, Part

_WRITING: Final = "writing"
"""The digest of a record that is being written."""
_MOST_FORMER: Final = 100
"""Former credentials that a profile remembers: a new one each night would outgrow its item."""
_GROUP: Final = 100
_PARALLEL: Final = 8


@dataclass(slots=True)
class Written:
    """What a part of an import did, in records by kind, and how many items and requests it took."""

    created: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)

    def add(self, what: str, kind: str, count: int = 1) -> None:
        """Count."""
        counts: dict[str, int] = getattr(self, what)
        counts[kind] = counts.get(kind, 0) + count


def apply(
    rows: Iterable[Row], part: Part, at: datetime, *, invite: bool = False
) -> tuple[Written, list[User]]:
    """Make the stored part what these rows say; what was written, and who is still to be invited.

    Writes nothing where nothing differs. ``at`` is the time of the import. With ``invite`` the users that it
    creates as pending are to be invited, from when they have an email or phone until ``note_invited``; they
    are told by every run. Costs a Query for each 1 MB of the part's listing (about 6,000 records), and for
    each record that differs 2 reads and its items' writes.

    Raises:
        Unavailable: the table did not answer; what was not written is written by the next run.
    """
    wanted = {row.entity: row for row in rows}
    listed = dict(listing.lines(part))
    differing, written = _compared(wanted, listed)
    uninvited = {entity for entity, line in listed.items() if line.uninvited}

    def built(entity: EntityId) -> RosterRecord | None:
        return wanted[entity].record if entity in wanted else None

    with ThreadPoolExecutor(_PARALLEL) as pool:
        groups = pool.map(
            lambda group: _write([_Change(e, built(e), listed.get(e, UNLISTED), at, invite) for e in group]),
            batched(differing, _GROUP, strict=False),
        )
        for plans, items in groups:
            for plan in plans:
                written.add(plan.outcome, plan.entity.kind.value)
                if plan.uninvited:
                    uninvited.add(plan.entity)
            for what, count in items.items():
                written.add("items", what, count)
    users = (built(entity) for entity in sorted(uninvited))
    return written, [user for user in users if isinstance(user, User) and user.credentials]


def foreseen(rows: Iterable[Row], part: Part) -> Written:
    """What ``apply`` would do; nothing is written. A Query for each 1 MB of the part's listing."""
    wanted = {row.entity: row for row in rows}
    listed = dict(listing.lines(part))
    differing, counted = _compared(wanted, listed)
    for entity in differing:
        was_there = entity in listed and listed[entity].digest != REMOVED
        what = "removed" if entity not in wanted else "changed" if was_there else "created"
        counted.add(what, entity.kind.value)
    return counted


def _compared(
    wanted: Mapping[EntityId, Row], listed: Mapping[EntityId, Line]
) -> tuple[list[EntityId], Written]:
    """The records that differ from what is listed; those that do not are counted."""
    written = Written()
    differing: list[EntityId] = []
    for entity, row in wanted.items():
        if entity in listed and listed[entity].digest == row.digest:
            written.add("unchanged", entity.kind.value)
        else:
            differing.append(entity)
    differing += [entity for entity in listed if entity not in wanted and listed[entity].digest != REMOVED]
    return differing, written


def note_invited(users: Iterable[User]) -> None:
    """Take the mark from users whose invitations are queued, as ``apply`` told them. 25 a request."""
    dynamodb.batch_put(TABLE, (listing.item_of(entity_of(user), Line(digest(user))) for user in users))


@dataclass(frozen=True, slots=True)
class _Change:
    entity: EntityId
    record: RosterRecord | None
    listed: Line
    at: datetime
    invite: bool


@dataclass(slots=True)
class _Plan:
    """All writes of one record, in the order of the fields."""

    entity: EntityId
    outcome: str
    profile: Item | None = None
    reach: Mapping[str, Any] | None = None
    puts: dict[Place, Item] = field(default_factory=dict)
    deletes: set[Place] = field(default_factory=set)
    held: list[tuple[Credential, Holder]] = field(default_factory=list)
    profile_goes: bool = False
    digest: str | None = None
    uninvited: bool = False


def _write(changes: list[_Change]) -> tuple[list[_Plan], dict[str, int]]:
    stored = _stored(changes)
    plans = [_plan(change, *stored.get(change.entity, ({}, {}))) for change in changes]
    counts = {
        "listing": _list(plans, [_WRITING] * len(plans)),
        "profiles": dynamodb.batch_put(TABLE, (p.profile for p in plans if p.profile is not None)),
        "reach": sum(_put_reach(p.entity, p.reach) for p in plans if p.reach is not None),
        "puts": dynamodb.batch_put(
            TABLE, (place(*key) | item for p in plans for key, item in p.puts.items())
        ),
        "deletes": dynamodb.batch_delete(TABLE, (place(*key) for p in plans for key in p.deletes)),
        "holders": holders.put(held for p in plans for held in p.held),
    }
    counts["deletes"] += dynamodb.batch_delete(
        TABLE, (place(p.entity, PROFILE) for p in plans if p.profile_goes)
    )
    counts["listing"] += _list(plans, [p.digest for p in plans])
    counts["deletes"] += dynamodb.batch_delete(
        TABLE, (place(*listing_place(p.entity)) for p in plans if p.digest is None)
    )
    return plans, counts


def _list(plans: list[_Plan], digests: Iterable[str | None]) -> int:
    return dynamodb.batch_put(
        TABLE,
        (
            listing.item_of(plan.entity, Line(digest_, plan.uninvited))
            for plan, digest_ in zip(plans, digests, strict=True)
            if digest_ is not None
        ),
    )


def _stored(changes: list[_Change]) -> dict[EntityId, tuple[Item, Item]]:
    """Profile and reach of each, as they are stored."""
    keys = [
        place(change.entity, item)
        for change in changes
        for item in ((PROFILE, REACH) if change.entity.kind is RosterKind.USER else (PROFILE,))
    ]
    found: dict[EntityId, tuple[Item, Item]] = {}
    for wire in dynamodb.batch_get(TABLE, keys):
        item = dynamodb.of_wire(wire)
        kind, _, id_ = item["entity"].partition("#")
        entity = EntityId(RosterKind(kind), id_)
        profile, reach_ = found.get(entity, ({}, {}))
        found[entity] = (item, reach_) if item["item"] == PROFILE else (profile, item)
    return found


def _put_reach(entity: EntityId, change: Mapping[str, Any]) -> int:
    dynamodb.client().update_item(TableName=TABLE, Key=dynamodb.key(**place(entity, REACH)), **change)
    return 1


# What is to be written of one record: pure


def _plan(change: _Change, profile: Item, reach_: Item) -> _Plan:
    was = of_plain(change.entity, profile) if profile and profile["digest"] != REMOVED else None
    now_of_it = digest(was) if was is not None else REMOVED  # another one: an older release wrote it
    whole = bool(profile) and profile["digest"] == change.listed.digest == now_of_it
    status = AccountStatus(reach_["account_status"]) if reach_ else _first_status(change.record)
    old = spread(was, status) if was is not None else {}
    new = spread(change.record, status) if change.record is not None else {}
    stale = ({*old, *_places(profile)} if not whole else set(old)) - set(new)
    plan = _Plan(
        change.entity,
        "removed" if change.record is None else "created" if was is None else "changed",
        puts={key: item for key, item in new.items() if not whole or old.get(key) != item},
        deletes=stale,
        digest=digest(change.record) if change.record is not None else None,
        uninvited=_is_uninvited(change, profile, status),
    )
    if change.entity.kind is RosterKind.USER and (profile or change.record is not None):
        _plan_user(plan, change, profile, reach_, status, whole=whole)
    elif change.record is not None:
        plan.profile = plain(change.record)
    else:
        plan.profile_goes = bool(profile)
    if plan.profile is not None:
        plan.profile = (
            plan.profile | place(change.entity, PROFILE) | {"digest": plan.digest, "stale": _packed(stale)}
        )
    return plan


def _plan_user(
    plan: _Plan, change: _Change, profile: Item, reach_: Item, status: AccountStatus, *, whole: bool
) -> None:
    """A user is never deleted: who leaves keeps the account status and what was held, and when."""
    user = cast("User | None", change.record)
    plan.digest = plan.digest or REMOVED
    holdings = _holdings(profile, user, change.at)
    plan.profile = (plain(user) if user is not None else _gone(profile)) | {"holdings": holdings}
    wanted = reach(user) if user is not None else {"removed": True, "language": reach_.get("language", "en")}
    kept = {name: value for name, value in reach_.items() if name in _REACH_OF_ROSTER}
    if not reach_ or kept != {name: value for name, value in wanted.items() if value is not None}:
        plan.reach = _reach_update(wanted, status)
    shown = user or cast("User", of_plain(change.entity, profile))
    before = {} if not whole else {holding["key"]: holding for holding in profile.get("holdings", [])}
    same_face = bool(before) and _face(profile) == _face(plan.profile)
    plan.held = [
        (Credential.of_key(holding["key"]), _holder(shown, holding))
        for holding in holdings
        if before.get(holding["key"]) != holding or not (same_face or "until" in holding)
    ]


_REACH_OF_ROSTER: Final = frozenset({"email", "phone", "language", "label", "removed"})


def _is_uninvited(change: _Change, profile: Item, status: AccountStatus) -> bool:
    """Who leaves is not invited any more, and who comes back is not new: the profile stayed."""
    if change.record is None or status is not AccountStatus.PENDING:
        return False
    return change.listed.uninvited or (change.invite and not profile)


def _first_status(record: RosterRecord | None) -> AccountStatus:
    return record.account_status if isinstance(record, User) else AccountStatus.ACTIVE


def _packed(stale: set[Place]) -> bytes | None:
    """Keys as an item remembers them, packed: of somebody at hundreds of schools they are thousands."""
    return zlib.compress(orjson.dumps(sorted(stale))) if stale else None


def _places(profile: Item) -> set[Place]:
    stale = profile.get("stale")
    if stale is None:
        return set()
    listed = stale if isinstance(stale, list) else orjson.loads(zlib.decompress(bytes(stale)))
    return {(entity, item) for entity, item in listed}


def _gone(profile: Item) -> Item:
    """What stays of a user who has left: the name, and nothing by which the roster would reach anybody."""
    left = {name: value for name, value in profile.items() if name not in ("label", *CredentialKind)}
    return left | {"schools": [], "classes": [], "students": []}


def _holdings(profile: Item, user: User | None, at: datetime) -> list[dict[str, str]]:
    """All credentials that a user has or had: since when, and until when where it is no longer so.

    Who gets an old credential back has it since the first time, so that its history is shown as it was.
    """
    now = (
        {str(credential): user.typed[kind] for kind, credential in user.credentials.items()}
        if user is not None
        else {}
    )
    before = {holding["key"]: holding for holding in profile.get("holdings", [])}
    time = at.isoformat(timespec="microseconds")
    current = [
        {"key": key, "typed": typed, "since": before[key]["since"] if key in before else time}
        for key, typed in now.items()
    ]
    former = [
        holding | {"until": holding.get("until", time)} for key, holding in before.items() if key not in now
    ]
    former.sort(key=lambda holding: holding["until"])
    return [*current, *former[-_MOST_FORMER:]]


def _holder(user: User, holding: Mapping[str, str]) -> Holder:
    until = holding.get("until")
    return Holder(
        user_id=user.id,
        sourced_id=user.sourced_id,
        name=user.name,
        language=user.language,
        schools=user.schools,
        since=datetime.fromisoformat(holding["since"]),
        until=datetime.fromisoformat(until) if until else None,
    )


def _face(profile: Item) -> list[Any]:
    """What the holders' items show of a user."""
    return [profile.get(name) for name in ("given_name", "family_name", "language", "schools")]


def _reach_update(wanted: Mapping[str, Any], status: AccountStatus) -> dict[str, Any]:
    """Set what the roster says; the account status only where there is none yet."""
    wanted = {name: value for name, value in wanted.items() if value is not None}
    gone = sorted(_REACH_OF_ROSTER - set(wanted))
    names = {f"#{name}": name for name in _REACH_OF_ROSTER}
    sets = [f"#{name} = :{name}" for name in wanted]
    sets.append("account_status = if_not_exists(account_status, :account_status)")
    values = dynamodb.to_wire({f":{name}": value for name, value in wanted.items()})
    return {
        "UpdateExpression": f"SET {', '.join(sets)} REMOVE {', '.join(f'#{name}' for name in gone)}",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values | {":account_status": {"S": status.value}},
    }
