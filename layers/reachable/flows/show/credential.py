"""A credential of a user as it is shown: one that is theirs now, or that they had."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import batched
from typing import Final

from reachable.flows import domains, scope
from reachable.flows.show import actors
from reachable.model.credential import Credential
from reachable.model.guidance import Audience, Guidance
from reachable.model.history import Standing
from reachable.model.message import LastMessage
from reachable.model.people import Holder, Named, User
from reachable.model.profile import BlockShown, CredentialShown
from reachable.model.status import Block, BlockRegister, Mark, TransientBounce, hex_of
from reachable.model.viewer import Viewer
from reachable.rules import disclosure, permissions
from reachable.rules import guidance as guidance_rules
from reachable.rules import history as history_rules
from reachable.rules import release as release_rules
from reachable.rules import status as status_rules
from reachable.rules.guidance import Evidence
from reachable.store.credentials import history, holders
from reachable.store.messages import last_messages

HOLDERS_SHOWN: Final = 25
_HOLDERS_LOOKED_AT: Final = 1_000
_HOLDERS_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Held:
    """A credential of a user, how it stands, and ``others`` who hold it.

    Of one that is theirs no longer (``until``) the status is that of the time in which they had it, and the
    others are nobody's business here.
    """

    standing: Standing
    typed: str
    since: datetime | None
    others: tuple[Holder, ...] = ()
    until: datetime | None = None


def held_now(user: User) -> list[Held]:
    """The credentials that a user has. A Query each."""
    return [_held_now(user, holders.standing(credential)) for credential in user.credentials.values()]


def _held_now(user: User, standing: Standing) -> Held:
    credential = standing.credential
    return Held(
        standing=standing,
        typed=user.typed.get(credential.kind, credential.address),
        since=next((holder.since for holder in standing.holders if holder.user_id == user.id), None),
        others=tuple(holder for holder in standing.current if holder.user_id != user.id),
    )


def held_before(user: User) -> list[Held]:
    """The credentials that a user had. A Query each."""
    return [
        Held(
            standing=replace(standing, status=history_rules.status_of_user(user.id, standing)),
            typed=former.typed,
            since=former.since,
            until=former.until,
        )
        for former in user.former
        for standing in [holders.standing(former.credential)]
    ]


def shown(user: User, held: Sequence[Held], viewer: Viewer) -> tuple[CredentialShown, ...]:
    """Credentials of a user, as far as a viewer may see them.

    To who has the extended permission half a read unit a block, 1 BatchGetItem for the last messages, and 1
    for the names of who set blocks by hand, where any are.
    """
    reader = disclosure.audience(viewer)
    plain = [_shown(holding, _visible(holding.others, viewer), reader) for holding in held]
    if reader is not Audience.EXTENDED:
        return tuple(plain)
    last = _last_messages(user, held)
    blocks = [
        _without_words(_blocks(user, holding.standing), told.other_holders)
        for holding, told in zip(held, plain, strict=True)
    ]
    names = actors.names(block.item for told in blocks for block in told)
    return tuple(
        replace(
            credential,
            last_message=last.get(credential.credential),
            blocks=tuple(replace(block, by_name=actors.name(block.item, names)) for block in told),
            upstream=() if credential.former else release_rules.shown(holding.standing),
        )
        for credential, told, holding in zip(plain, blocks, held, strict=True)
    )


def _without_words(blocks: Sequence[BlockShown], hidden_holders: int) -> list[BlockShown]:
    """Blocks without what staff wrote, where it may be of a holder whom the viewer may not know."""
    if not hidden_holders:
        return list(blocks)
    return [replace(block, item=block.item and disclosure.without_words(block.item)) for block in blocks]


def shown_to_oneself(held: Sequence[Held]) -> tuple[CredentialShown, ...]:
    """One's own credentials, without who else has them."""
    return tuple(_shown(holding, (), Audience.ONESELF) for holding in held)


def advice(
    user: User, held: Sequence[Held], shown: Sequence[CredentialShown], audience: Audience
) -> tuple[Guidance, ...]:
    """What to do about a user's credentials, of what this audience may read."""
    evidence = (_evidence(user, holding, told, audience) for holding, told in zip(held, shown, strict=True))
    return tuple(guidance_rules.of_user(user.account_status, evidence, audience))


def _evidence(user: User, held: Held, shown: CredentialShown, audience: Audience) -> Evidence:
    return Evidence(
        held.standing.credential.kind,
        held.standing.status,
        shared=shown.shared,
        held_since=held.since,
        inherited=held.until is None and history_rules.held_from(user.id, held.standing) is not None,
        last_message=shown.last_message,
        upstream=shown.upstream,
        former=shown.former,
        proved_at=held.standing.proved_at,
        meant=_meant(held, audience),
        failed=_failed(user, held.standing) if audience is Audience.EXTENDED and not shown.former else {},
    )


def _meant(held: Held, audience: Audience) -> str | None:
    """Who reads their own page knows their address: the office checks it with them."""
    if audience is Audience.ONESELF or held.until is not None:
        return None
    return domains.meant(held.standing.credential, status_rules.blocks(held.standing.status))


def _failed(user: User, standing: Standing) -> dict[BlockRegister, list[Mark]]:
    """The marks that this user's time brought to each register, if one may not have helped. 1 Query."""
    status = standing.status
    found: dict[BlockRegister, list[Mark]] = {}
    if not any(guidance_rules.lifts_shortly_before(block, status) for block in status_rules.blocks(status)):
        return found
    for item in history_rules.of_user(history.of(standing.credential), user.id, standing):
        change = status_rules.change_of(item)
        if isinstance(change, Block | TransientBounce):
            found.setdefault(change.register, []).append(change.at)
    return found


def _shown(held: Held, visible: Sequence[Holder], reader: Audience) -> CredentialShown:
    """A credential with those of its other holders who may be named."""
    credential, status = held.standing.credential, held.standing.status
    return CredentialShown(
        credential=credential,
        typed=held.typed,
        open=status_rules.open_channels(credential.kind, status),
        shared=bool(held.others),
        holders=tuple(Named(holder.user_id, holder.name, holder.sourced_id) for holder in visible),
        other_holders=len(held.others) - len(visible),
        held_since=held.since,
        held_until=held.until,
        newest=disclosure.newest(status, reader),
    )


def _visible(others: Sequence[Holder], viewer: Viewer) -> list[Holder]:
    """The first of those whom the viewer may know of. A BatchGetItem or two for each 100 that are looked at.

    Looked for among those of the viewer's schools first: of one that thousands share not all are read.
    """
    if permissions.sees_district(viewer):
        return list(others[:HOLDERS_SHOWN])
    near_first = sorted(others, key=lambda holder: viewer.schools.isdisjoint(holder.schools))
    seen: list[Holder] = []
    for some in batched(near_first[:_HOLDERS_LOOKED_AT], _HOLDERS_AT_ONCE, strict=False):
        known = {user.id for user in scope.users_in_scope((holder.user_id for holder in some), viewer)}
        seen += (holder for holder in some if holder.user_id in known)
        if len(seen) >= HOLDERS_SHOWN:
            break
    return seen[:HOLDERS_SHOWN]


def _last_messages(user: User, held: Sequence[Held]) -> dict[Credential, LastMessage]:
    """The newest message to each credential; of what went to the address, while this user held it."""
    theirs = {
        holding.standing.credential: history_rules.holding(user.id, holding.standing) for holding in held
    }
    return {
        credential: last
        for credential, last in last_messages.of_user(user.id, theirs)
        if not last.to_address or theirs[credential](last.sent_at)
    }


def _blocks(user: User, standing: Standing) -> tuple[BlockShown, ...]:
    """All in force; of those that are lifted, and of what was said to them, what this user's time brought."""
    status = standing.status
    newest_first = sorted(status_rules.all_blocks(status), key=lambda block: block.at, reverse=True)
    if not newest_first:
        return ()
    theirs = history_rules.holding(user.id, standing)
    items = history.items(standing.credential, (hex_of(block.at) for block in newest_first))
    told: list[BlockShown] = []
    for block in newest_first:
        item, lifting = items.get(hex_of(block.at)), status_rules.lift_of(block, status)
        own = theirs(history_rules.occurred_at(block, items))
        if own or lifting is None:
            told.append(BlockShown(block, item if own else None, lifting))
    return tuple(told)
