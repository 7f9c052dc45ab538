"""The table ``messages``: each message, and what became of it. Never its words.

    user#<id>         / <queued at>#<message id>  a message, with a time for each status
    address#<digest>  / <sent at>#<message id>    what another system sent to an address that several share
    user#, address#   / last#<credential>         the newest message to a credential
    dedup#<dedup id>  / message                   which message a dedup id made, and of what content
    provider#<provider>#<provider's message id> / <digest of a credential>
                                                  one recipient of it: whose message it is, when it was sent,
                                                  and what was said of it before we knew
    uncertain         / <at>#<message id>         those of which nobody knows whether they went out

A message's id tells its owner and time, so it leads to its record without an index. Statuses only ever gain
times, and a record is only ever put if absent: whatever order things come in, the record is the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from reachable import settings
from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, EventHex, Kind, Permanence
from reachable.model.details import Detail
from reachable.model.errors import NotFound
from reachable.model.message import LastMessage, Message, MessageStatus, Moved, read_message_id
from reachable.model.send import Alternative, Purpose
from reachable.store import dynamodb
from reachable.store.dynamodb import Item

TABLE: Final = settings.text("MESSAGES_TABLE")
RETENTION_DAYS: Final = settings.typed("MESSAGE_RETENTION_DAYS", int)

_DEDUP_KEPT: Final = timedelta(days=30)
"""For a client that repeats a dedup id."""
_POINTERS_KEPT: Final = timedelta(days=60)
"""For a provider's latest word: it may lie on the queue, then with the dead, then on the queue again."""
_RECIPIENTS_READ: Final = 100
"""What dispatch sends has one recipient: an id of so many others is none of dispatch's."""
_MESSAGE: Final = "message"
_UNCERTAIN: Final = "uncertain"
_LAST: Final = "last#"
_CLAIM: Final = "claim"
_EARLY: Final = "event#"
_AFTER_TIMES: Final = "a"
"""Comes after every sort key that begins with a time, and before ``last#``."""
_AT: Final = "at_"
_WHY: Final = "why_"

type _Times = Mapping[MessageStatus, datetime]
type _Reasons = Mapping[MessageStatus, str]


def _place(id_: str) -> dict[str, str]:
    read = read_message_id(id_)
    if read is None:
        raise NotFound(Detail.NO_SUCH_MESSAGE)
    owner, queued_at = read
    return {"entity": _entity(owner), "item": f"{_time(queued_at)}#{id_}"}


def _entity(owner: str) -> str:
    """A user's id is a UUID; an address's digest has no dashes."""
    return f"{'user' if '-' in owner else 'address'}#{owner}"


def _dedup(dedup_id: str) -> dict[str, str]:
    return {"entity": f"dedup#{dynamodb.bounded(dedup_id)}", "item": _MESSAGE}


# What a client asks for


@dataclass(frozen=True, slots=True)
class Claim:
    """What a dedup id stands for. ``done``: its message has been queued; else that may be repeated."""

    message_id: str
    content: str
    done: bool


def claim_dedup(dedup_id: str, message_id: str, content: str, now: datetime) -> Claim:
    """Take a dedup id for a message, or learn which has it. 1 write unit."""
    place = _dedup(dedup_id)
    claim = {"message": message_id, "content": content, "expires_at": _end(now, _DEDUP_KEPT)}
    stored = dynamodb.put_if_absent(TABLE, place | claim)
    if stored is None:
        return Claim(message_id, content, done=False)
    return Claim(stored["message"], stored["content"], done="done" in stored)


def finish_dedup(dedup_id: str, message_id: str) -> None:
    """Note that a dedup id's message has been queued, unless it stands for another by now. 1 write unit."""
    table = dynamodb.client()
    try:
        table.update_item(
            TableName=TABLE,
            Key=dynamodb.key(**_dedup(dedup_id)),
            UpdateExpression="SET done = :done",
            ConditionExpression="#m = :id",
            ExpressionAttributeNames={"#m": "message"},
            ExpressionAttributeValues={":done": {"BOOL": True}, ":id": {"S": message_id}},
        )
    except table.exceptions.ConditionalCheckFailedException:
        return


def put(message: Message) -> None:
    """Write down a message. One that is there already may have moved on: it stays as it is. 1 write unit."""
    dynamodb.put_if_absent(TABLE, _item(message))


# What dispatch does


@dataclass(frozen=True, slots=True)
class Claimed:
    """Whether a message was this worker's to send or to stop; how it stands. None: it has no record."""

    ours: bool
    message: Message | None


def claim_sending(
    message_id: str, provider: str, credential: Credential, label: str | None, now: datetime
) -> Claimed:
    """Claim a message before the call that sends it: whoever comes second must not send. 1 write unit.

    By which provider and to whom is written with the claim: a bounce can come before the send call returns.
    """
    known = {"provider": provider, "credential": str(credential), "label": label}
    return stop(message_id, MessageStatus.SENDING, now, **known)


def stop(
    message_id: str, status: MessageStatus, now: datetime, *, why: str | None = None, **known: Any
) -> Claimed:
    """Write down that a message is not sent, or not yet, unless somebody has begun to. 1 write unit.

    It bears a mark of its own: where the answer is lost and botocore writes it again, it finds itself.
    """
    mark = uuid4().hex
    table = dynamodb.client()
    try:
        answer = table.update_item(
            TableName=TABLE,
            Key=dynamodb.key(**_place(message_id)),
            ConditionExpression=(
                "attribute_exists(entity) AND attribute_not_exists(at_sending) "
                "AND attribute_not_exists(at_uncertain) AND attribute_not_exists(at_dropped) "
                "AND attribute_not_exists(at_blocked) AND attribute_not_exists(at_rejected)"
            ),
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
            **_coming_to({status: now}, {status: why} if why else {}, known | {_CLAIM: mark}),
        )
    except table.exceptions.ConditionalCheckFailedException as refused:
        left: Any = refused.response.get("Item", {})
        stored = dynamodb.of_wire(left)
        return Claimed(stored.get(_CLAIM) == mark, _message(stored) if stored else None)
    return Claimed(ours=True, message=_message(dynamodb.of_wire(answer["Attributes"])))


def release_sending(claimed: Message) -> bool:
    """Give a claim back: the provider did not take the message. False: others have judged it meanwhile.

    1 write unit.
    """
    table = dynamodb.client()
    try:
        table.update_item(
            TableName=TABLE,
            Key=dynamodb.key(**_place(claimed.id)),
            UpdateExpression="REMOVE at_sending, label",
            ConditionExpression="#c = :ours AND attribute_not_exists(at_uncertain)",
            ExpressionAttributeNames={"#c": _CLAIM},
            ExpressionAttributeValues={":ours": {"S": claimed.claim or ""}},
        )
    except table.exceptions.ConditionalCheckFailedException:
        return False
    return True


def note_uncertain(message_id: str, now: datetime) -> Moved | None:
    """Note, and list, that nobody knows whether a message went out. 2 write units."""
    moved = note(message_id, {MessageStatus.UNCERTAIN: now})
    if moved is not None:
        list_uncertain(moved.message)
    return moved


def list_uncertain(message: Message) -> None:
    """List a message of which nobody knows whether it went out; twice is once. 1 write unit."""
    at = message.at[MessageStatus.UNCERTAIN]
    end = _end(at, timedelta(days=RETENTION_DAYS))
    dynamodb.put_if_absent(
        TABLE, {"entity": _UNCERTAIN, "item": f"{_time(at)}#{message.id}", "expires_at": end}
    )


# To what a message comes


def note(
    message_id: str,
    at: _Times,
    reasons: _Reasons | None = None,
    *,
    only: str = "attribute_exists(entity)",
    comparing: Mapping[str, str] | None = None,
    **known: Any,
) -> Moved | None:
    """Write down to what a message came, and what is known of it by now. 1 write unit.

    The first time of a status counts. None where there is no such message, or where it is not ``only`` so.
    """
    reasons = reasons or {}
    update = _coming_to(at, reasons, known)
    update["ExpressionAttributeValues"] |= dynamodb.to_wire(comparing or {})
    table = dynamodb.client()
    try:
        answer = table.update_item(
            TableName=TABLE,
            Key=dynamodb.key(**_place(message_id)),
            ConditionExpression=only,
            ReturnValues="ALL_OLD",
            **update,
        )
    except table.exceptions.ConditionalCheckFailedException:
        return None
    before = dynamodb.of_wire(answer["Attributes"])
    after = _attributes(at, reasons) | before | {name: v for name, v in known.items() if v is not None}
    return Moved(_message(after), frozenset(_times(before)))


def note_tagged(
    message_id: str, provider: str, provider_message_id: str | None, at: _Times, reasons: _Reasons
) -> Moved | None:
    """As `note`, by an event that carries our tag. 1 write unit.

    A tag proves nothing: it counts only of a message that dispatch is sending, or has sent, by this provider,
    and whose provider's id is this one or not yet known.
    """
    named = provider_message_id and dynamodb.bounded(provider_message_id)
    this_one = " OR provider_message_id = :named" if named else ""
    return note(
        message_id,
        at,
        reasons,
        only=(
            "attribute_exists(at_sending) AND provider = :by "
            f"AND (attribute_not_exists(provider_message_id){this_one})"
        ),
        comparing={":by": provider} | ({":named": named} if named else {}),
        provider_message_id=named,
    )


def _coming_to(at: _Times, reasons: _Reasons, known: Mapping[str, Any]) -> dict[str, Any]:
    """The update of a record: of a status the first time and reason count, the rest is set."""
    return _setting(_attributes(at, reasons), {name: v for name, v in known.items() if v is not None})


def _setting(first: Item, known: Item) -> dict[str, Any]:
    """An update that sets ``first`` where they are not set yet, and ``known`` whatever they were."""
    sets = [f"#f{i} = if_not_exists(#f{i}, :f{i})" for i, _ in enumerate(first)]
    sets += [f"#k{i} = :k{i}" for i, _ in enumerate(known)]
    named = [(f"f{i}", *pair) for i, pair in enumerate(first.items())]
    named += [(f"k{i}", *pair) for i, pair in enumerate(known.items())]
    return {
        "UpdateExpression": f"SET {', '.join(sets)}",
        "ExpressionAttributeNames": {f"#{short}": name for short, name, _ in named},
        "ExpressionAttributeValues": dynamodb.to_wire({f":{short}": value for short, _, value in named}),
    }


def _attributes(at: _Times, reasons: _Reasons) -> Item:
    return {f"{_AT}{status}": _time(time) for status, time in at.items()} | {
        f"{_WHY}{status}": why for status, why in reasons.items()
    }


def tell_last(message: Message) -> None:
    """Make this the newest message to its credential, or move it there. 1 write unit.

    Of two messages the later counts, and of two statuses of one the higher: in any order, any number of
    times, that gives the same. Nothing is told of one that is still on its way to the provider.
    """
    if message.credential is None or message.status not in _TOLD:
        return
    place = _place(message.id)
    table = dynamodb.client()
    last = {
        "entity": place["entity"],
        "item": f"{_LAST}{message.credential}",
        "newest": place["item"],
        "rank": message.status.rank,
        "status": message.status.value,
        "at": _time(message.at[message.status]),
        "channel": message.channel.value,
        "expires_at": _end(message.queued_at, timedelta(days=RETENTION_DAYS)),
    }
    try:
        table.put_item(
            TableName=TABLE,
            Item=dynamodb.to_wire(last),
            ConditionExpression="attribute_not_exists(entity) OR newest < :n OR (newest = :n AND #r < :r)",
            ExpressionAttributeNames={"#r": "rank"},
            ExpressionAttributeValues=dynamodb.to_wire({":n": last["newest"], ":r": last["rank"]}),
        )
    except table.exceptions.ConditionalCheckFailedException:
        return


_TOLD: Final = frozenset(MessageStatus) - {
    MessageStatus.QUEUED,
    MessageStatus.HELD,
    MessageStatus.DROPPED,
    MessageStatus.SENDING,
}


# What providers say, by their own ids


@dataclass(frozen=True, slots=True)
class Source:
    """By what a provider names a message; one id may be of many recipients."""

    provider: str
    account: str | None
    message_id: str

    @property
    def entity(self) -> str:
        """The partition of its recipients. An account's ids are its own."""
        account = f"/{self.account}" if self.account else ""
        return f"provider#{self.provider}{account}#{dynamodb.bounded(self.message_id)}"


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of one recipient of a provider's message."""

    message_id: str | None
    sent_at: datetime | None
    at: _Times
    reasons: _Reasons


@dataclass(frozen=True, slots=True)
class Early:
    """A bounce that came before we knew whose message it is about: its name, and when we received it."""

    hex: EventHex
    event: DeliveryEvent
    received_at: datetime


def note_event(
    source: Source,
    credential: Credential,
    at: _Times,
    reasons: _Reasons,
    early: Early | None,
    received_at: datetime,
) -> Told:
    """Write down what a provider says of one recipient of a message; all that is known of that. 1 write unit.

    ``early`` is kept until we know whose message it is about.
    """
    kept = {f"{_EARLY}{early.hex}": _event_item(early)} if early else {}
    return _told(_meet(source, credential, _attributes(at, reasons) | kept, {}, received_at))


def link(source: Source, credential: Credential, message: Message, received_at: datetime) -> Told:
    """Write down whose message another system's is, once; all that was said of it. 1 write unit."""
    return _told(_meet(source, credential, {"message": message.id}, {}, received_at))


def link_dispatched(
    source: Source, credential: Credential, message_id: str, sent_at: datetime
) -> tuple[Told, list[Early]]:
    """Write down that dispatch sent a provider's message; all that was said of it, and the early bounces.

    Among those are such as name another address, to which it was forwarded, and whose message is not known
    otherwise. 1 write unit and 1 read unit.
    """
    known = {"message": message_id, "sent_at": _time(sent_at), "dispatched": True}
    item = _meet(source, credential, {}, known, sent_at)
    others = [one for one in _recipients(source) if "message" not in one]
    return _told(item), [early for one in (item, *others) for early in _earlies(one)]


def dispatched(source: Source) -> str | None:
    """The message that dispatch sent under this id of a provider's; None where it sent none. 1 read unit."""
    found = {item["message"] for item in _recipients(source) if "dispatched" in item}
    return found.pop() if len(found) == 1 else None


def _recipients(source: Source) -> list[Item]:
    """Consistent: of two that each write one and then read all, one at least sees the other's."""
    answer = dynamodb.client().query(
        TableName=TABLE,
        ConsistentRead=True,
        KeyConditionExpression="entity = :e",
        ExpressionAttributeValues={":e": {"S": source.entity}},
        Limit=_RECIPIENTS_READ,
    )
    return [dynamodb.of_wire(item) for item in answer["Items"]]


def _meet(source: Source, credential: Credential, first: Item, known: Item, now: datetime) -> Item:
    """Both sides update the one item: whoever comes second sees what the first one left."""
    first = first | {"expires_at": _end(now, _POINTERS_KEPT)}
    answer = dynamodb.client().update_item(
        TableName=TABLE,
        Key=dynamodb.key(entity=source.entity, item=credential.digest),
        ReturnValues="ALL_NEW",
        **_setting(first, known),
    )
    return dynamodb.of_wire(answer["Attributes"])


def _told(item: Item) -> Told:
    sent_at = item.get("sent_at") or item.get(f"{_AT}{MessageStatus.SENT}")
    return Told(
        message_id=item.get("message"),
        sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
        at=_times(item),
        reasons=_reasons(item),
    )


def _event_item(early: Early) -> Item:
    told = {name: value for name, value in asdict(early.event).items() if value is not None}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in (told | {"received_at": early.received_at}).items()
    }


def _earlies(item: Item) -> list[Early]:
    return [
        _early(EventHex(name.removeprefix(_EARLY)), kept)
        for name, kept in item.items()
        if name.startswith(_EARLY)
    ]


def _early(hex_: EventHex, item: Item) -> Early:
    told = {name: _READ.get(name, lambda value: value)(value) for name, value in item.items()}
    received_at = told.pop("received_at")
    return Early(hex_, DeliveryEvent(**told), received_at)


_READ: Final[Mapping[str, Any]] = {
    "channel": Channel,
    "kind": Kind,
    "permanence": Permanence,
    "cause": Cause,
    "occurred_at": datetime.fromisoformat,
    "sent_at": datetime.fromisoformat,
    "received_at": datetime.fromisoformat,
}


# Reading


def get(message_id: str) -> Message:
    """A message. 1 read unit.

    Raises:
        NotFound: there is none.
    """
    found = dynamodb.batch_get(TABLE, [_place(message_id)])
    if not found:
        raise NotFound(Detail.NO_SUCH_MESSAGE)
    return _message(dynamodb.of_wire(found[0]))


def of_user(user_id: str, limit: int, before: str | None = None) -> list[Message]:
    """A user's newest messages, newest first; those older than the one with the id ``before``. 1 Query."""
    return _newest(_entity(user_id), limit, _before(before))


def of_address(
    credential: Credential, limit: int, before: str | None, until: datetime | None
) -> list[Message]:
    """What other systems sent to a shared address, newest first, ``until`` a time. 1 Query."""
    ends = [_before(before), *([_time(until)] if until else [])]
    return _newest(_entity(credential.digest), limit, min(ends))


def newest_first(messages: Iterable[Message]) -> list[Message]:
    """As each list of messages is in order."""
    return sorted(messages, key=lambda message: _place(message.id)["item"], reverse=True)


def _before(id_: str | None) -> str:
    return _place(id_)["item"] if id_ else _AFTER_TIMES


def _newest(entity: str, limit: int, before: str) -> list[Message]:
    answer = dynamodb.client().query(
        TableName=TABLE,
        KeyConditionExpression="entity = :e AND #i < :before",
        ExpressionAttributeNames={"#i": "item"},
        ExpressionAttributeValues={":e": {"S": entity}, ":before": {"S": before}},
        ScanIndexForward=False,
        Limit=limit,
    )
    return [_message(dynamodb.of_wire(item)) for item in answer["Items"]]


def last_messages(user_id: str, credentials: Iterable[Credential]) -> list[tuple[Credential, LastMessage]]:
    """The newest message to each credential, to this user and by another system to the address; oldest first.

    Half a read unit for each of the two.
    """
    keys = [
        {"entity": _entity(owner), "item": f"{_LAST}{credential}"}
        for credential in credentials
        for owner in (user_id, credential.digest)
    ]
    items = map(dynamodb.of_wire, dynamodb.batch_get(TABLE, keys, consistent=False))
    return [_last(item) for item in sorted(items, key=lambda item: item["newest"])]


def _last(item: Item) -> tuple[Credential, LastMessage]:
    last = LastMessage(
        Channel(item["channel"]),
        MessageStatus(item["status"]),
        datetime.fromisoformat(item["at"]),
        datetime.fromisoformat(item["newest"].partition("#")[0]),
        to_address=item["entity"].startswith("address#"),
    )
    return Credential.of_key(item["item"].removeprefix(_LAST)), last


def uncertain(
    since: datetime | None, limit: int, after: str | None = None
) -> tuple[list[Message], str | None]:
    """Messages of which nobody knows whether they went out, the oldest first; where to go on.

    1 Query and a BatchGetItem. One of which the provider has told since is left out.
    """
    first = after or (_time(since) if since else "0")
    answer = dynamodb.client().query(
        TableName=TABLE,
        KeyConditionExpression="entity = :e AND #i > :first",
        ExpressionAttributeNames={"#i": "item"},
        ExpressionAttributeValues={":e": {"S": _UNCERTAIN}, ":first": {"S": first}},
        Limit=limit,
    )
    items = [item["item"]["S"] for item in answer["Items"]]
    keys = [_place(item.partition("#")[2]) for item in items]
    found = (_message(dynamodb.of_wire(item)) for item in dynamodb.batch_get(TABLE, keys))
    still = sorted(
        (message for message in found if message.status is MessageStatus.UNCERTAIN),
        key=lambda message: message.at[MessageStatus.UNCERTAIN],
    )
    return still, items[-1] if "LastEvaluatedKey" in answer else None


# Items


def _item(message: Message) -> Item:
    return _place(message.id) | {
        "channel": message.channel.value,
        "credential": message.credential and str(message.credential),
        "purpose": message.purpose.value,
        "subject": message.subject,
        "label": message.label,
        "batch_id": message.batch_id,
        "dedup_id": message.dedup_id,
        "provider": message.provider,
        "provider_message_id": message.provider_message_id,
        "expires_at": _end(message.queued_at, timedelta(days=RETENTION_DAYS)),
        **{f"{_AT}{status}": _time(at) for status, at in message.at.items()},
        **{f"{_WHY}{status}": why for status, why in message.reasons.items()},
    }


def _message(item: Item) -> Message:
    kind, _, owner = item["entity"].partition("#")
    return Message(
        id=item["item"].partition("#")[2],
        user_id=owner if kind == "user" else None,
        channel=Channel(item["channel"]),
        purpose=Purpose(item["purpose"]),
        queued_at=datetime.fromisoformat(item["item"].partition("#")[0]),
        credential=Credential.of_key(item["credential"]) if "credential" in item else None,
        subject=item.get("subject"),
        label=item.get("label"),
        batch_id=item.get("batch_id"),
        dedup_id=item.get("dedup_id"),
        provider=item.get("provider"),
        provider_message_id=item.get("provider_message_id"),
        segments=item.get("segments"),
        label_adds_segment=item.get("label_adds_segment", False),
        exempted=item.get("exempted"),
        claim=item.get(_CLAIM),
        alternatives=tuple(
            Alternative(Channel(one["channel"]), Credential.of_key(one["credential"]))
            for one in item.get("alternatives", ())
        ),
        at=_times(item),
        reasons=_reasons(item),
    )


def _times(item: Item) -> dict[MessageStatus, datetime]:
    return {
        MessageStatus(name.removeprefix(_AT)): datetime.fromisoformat(value)
        for name, value in item.items()
        if name.startswith(_AT)
    }


def _reasons(item: Item) -> dict[MessageStatus, str]:
    return {
        MessageStatus(name.removeprefix(_WHY)): value for name, value in item.items() if name.startswith(_WHY)
    }


def _time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


def _end(now: datetime, kept: timedelta) -> int:
    return int((now + kept).timestamp())
