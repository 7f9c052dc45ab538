"""Whether a message may go to a recipient: the one gate that every send passes."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from reachable.model.credential import KIND_OF_CHANNEL, Credential, CredentialKind
from reachable.model.delivery_event import Cause, Channel
from reachable.model.people import Contact
from reachable.model.send import Alternative, Recipient, Refusal, Verdict
from reachable.model.status import GOOD, Block, Ground, Status, time_of
from reachable.rules import status as status_rules

_PASSABLE: Final = frozenset({Ground.BOUNCE, Ground.MANUAL, Ground.SUPPRESSED})

type Statuses = Mapping[Credential, Status]
"""The status of every credential that has one; who is not in it is good."""


def needed(recipient: Recipient, contact: Contact | None) -> Iterable[Credential]:
    """The credentials whose status decides about this recipient."""
    if recipient.credential is not None:
        return (recipient.credential,)
    if contact is None:
        return ()
    if recipient.channel is None:
        return contact.credentials.values()
    credential = contact.credentials.get(KIND_OF_CHANNEL[recipient.channel])
    return () if credential is None else (credential,)


def needed_for_alternatives(recipient: Recipient, contact: Contact | None) -> Iterable[Credential]:
    """The credentials of a blocked user by which they might be reached instead."""
    if recipient.user_id is None or recipient.channel is None or contact is None:
        return ()
    asked = KIND_OF_CHANNEL[recipient.channel]
    return (credential for kind, credential in contact.credentials.items() if kind is not asked)


def verdict(
    recipient: Recipient, contact: Contact | None, statuses: Statuses, *, exempt: bool = False
) -> Verdict:
    """What the gate says of one recipient.

    ``exempt``: the message's purpose passes what says only that an address did not work. The answer then
    says what it passed.
    """
    found = _verdict(recipient, contact, statuses)
    if found.send or not exempt:
        return found
    passing = _verdict(recipient, contact, {c: _binding(status) for c, status in statuses.items()})
    return replace(passing, exempted=True, reason=found.reason, since=found.since) if passing.send else found


def _binding(status: Status) -> Status:
    """Without the blocks that an exempt purpose passes: those in which nobody asked for silence."""
    blocked = tuple(
        block
        for block in status.blocked
        if block.register.ground not in _PASSABLE or block.register.after_complaint
    )
    return Status(blocked, status.lifted)


def _verdict(recipient: Recipient, contact: Contact | None, statuses: Statuses) -> Verdict:
    if recipient.invalid:
        return Verdict(send=False, channel=recipient.channel, reason=Refusal.INVALID_RECIPIENT)
    if recipient.user_id is None:
        assert recipient.credential is not None  # noqa: S101 - a recipient is one or the other, or invalid
        return _of_credentials(recipient.channel, {recipient.credential.kind: recipient.credential}, statuses)
    if contact is None:
        return Verdict(send=False, channel=recipient.channel, reason=Refusal.UNKNOWN_USER)
    return _of_user(recipient.channel, contact, statuses)


def reachable(contact: Contact, statuses: Statuses) -> tuple[Channel, ...]:
    """By what a user can be reached now: the open channels of all their credentials."""
    return _open(contact.credentials, statuses)


def _open(credentials: Mapping[CredentialKind, Credential], statuses: Statuses) -> tuple[Channel, ...]:
    return tuple(
        channel
        for kind, credential in credentials.items()
        for channel in status_rules.open_channels(kind, statuses.get(credential, GOOD))
    )


def _of_user(channel: Channel | None, contact: Contact, statuses: Statuses) -> Verdict:
    found = _of_credentials(channel, contact.credentials, statuses)
    others = () if found.send and channel is not None else _alternatives(channel, contact, statuses)
    return Verdict(
        send=found.send,
        channel=found.channel,
        credential=found.credential,
        reason=found.reason,
        since=found.since,
        label=contact.label if channel in {None, Channel.SMS} else None,
        open=found.open,
        alternatives=others,
    )


def _of_credentials(
    channel: Channel | None, credentials: Mapping[CredentialKind, Credential], statuses: Statuses
) -> Verdict:
    if channel is None:
        return _by_any(credentials, statuses)
    credential = credentials.get(KIND_OF_CHANNEL[channel])
    if credential is None:
        return Verdict(send=False, channel=channel, reason=Refusal.NO_SUCH_CHANNEL)
    blocks = status_rules.blocks_on(statuses.get(credential, GOOD), channel)
    return Verdict(
        send=not blocks,
        channel=channel,
        credential=credential,
        reason=_reason(blocks),
        since=time_of(blocks[0].at) if blocks else None,
    )


def _by_any(credentials: Mapping[CredentialKind, Credential], statuses: Statuses) -> Verdict:
    if not credentials:
        return Verdict(send=False, reason=Refusal.NO_SUCH_CHANNEL)
    only = next(iter(credentials.values())) if len(credentials) == 1 else None
    open_ = _open(credentials, statuses)
    if open_:
        return Verdict(send=True, credential=only, open=open_)
    blocks = sorted(
        (b for c in credentials.values() for b in status_rules.blocks(statuses.get(c, GOOD))),
        key=lambda block: block.at,
        reverse=True,
    )
    return Verdict(send=False, credential=only, reason=_reason(blocks), since=time_of(blocks[0].at))


def _reason(blocks: list[Block]) -> Cause | None:
    return blocks[0].cause if blocks else None


def _alternatives(channel: Channel | None, contact: Contact, statuses: Statuses) -> tuple[Alternative, ...]:
    return tuple(
        Alternative(open_channel, credential)
        for kind, credential in contact.credentials.items()
        for open_channel in status_rules.open_channels(kind, statuses.get(credential, GOOD))
        if open_channel is not channel
    )
