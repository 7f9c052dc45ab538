"""The keys of the table ``messages``, and what they tell. Pure."""

from datetime import datetime
from typing import Final

from reachable import settings
from reachable.model.credential import Credential
from reachable.model.details import Detail
from reachable.model.errors import NotFound
from reachable.model.message import Pointer, read_message_id
from reachable.store import dynamodb

TABLE: Final = settings.text("MESSAGES_TABLE")

UNCERTAIN: Final = "uncertain"
"""The partition of those of which nobody knows whether they went out."""
BEFORE_TIMES: Final = "0"
AFTER_TIMES: Final = "a"
"""Comes after every sort key that begins with a time, and before ``last#``."""
BEFORE_IDS: Final = "0"
AFTER_IDS: Final = "g"
"""Before and after every message's id."""
_MESSAGE: Final = "message"
_LAST: Final = "last#"
_USER: Final = "user"
_ADDRESS: Final = "address"


def record(message_id: str) -> dict[str, str]:
    """The key of a message's record.

    Raises:
        NotFound: it is no id of ours, so that there can be none.
    """
    read = read_message_id(message_id)
    if read is None:
        raise NotFound(Detail.NO_SUCH_MESSAGE)
    owner, queued_at = read
    return {"entity": partition(owner), "item": _timed(queued_at, message_id)}


def partition(owner: str) -> str:
    """Where an owner's messages are. A user's id is a UUID; an address's digest has no dashes."""
    return f"{_USER if '-' in owner else _ADDRESS}#{owner}"


def last(partition_: str, credential: Credential) -> dict[str, str]:
    """The key of the newest message of an owner to a credential."""
    return {"entity": partition_, "item": f"{_LAST}{credential}"}


def dedup(dedup_id: str) -> dict[str, str]:
    """The key of what a dedup id stands for."""
    return {"entity": f"dedup#{dynamodb.bounded(dedup_id)}", "item": _MESSAGE}


def uncertain(at: datetime, message_id: str) -> dict[str, str]:
    """The key by which a message is listed that is uncertain since a time."""
    return {"entity": UNCERTAIN, "item": _timed(at, message_id)}


def in_batch(batch_id: str, message_id: str) -> dict[str, str]:
    """The key by which a batch leads to a message. Ids begin with a hex digit, as nothing else there."""
    return {"entity": f"batch#{batch_id}", "item": message_id}


def pointer(pointer_: Pointer) -> dict[str, str]:
    """The key of one recipient of a provider's message; in one partition are all of them."""
    account = f"/{pointer_.account}" if pointer_.account else ""
    message = dynamodb.bounded(pointer_.message_id)
    return {"entity": f"provider#{pointer_.provider}{account}#{message}", "item": pointer_.credential.digest}


def time(at: datetime) -> str:
    """A time as keys and attributes have it, so that times sort."""
    return at.isoformat(timespec="milliseconds")


def _timed(at: datetime, message_id: str) -> str:
    return f"{time(at)}#{message_id}"


def user_of(partition_: str) -> str | None:
    """The user whose partition it is; None of an address's."""
    kind, _, owner = partition_.partition("#")
    return owner if kind == _USER else None


def time_of(item: str) -> datetime:
    """The time in the sort key of a record, or of one that is uncertain."""
    return datetime.fromisoformat(item.partition("#")[0])


def message_id_of(item: str) -> str:
    """The message's id in the sort key of a record, or of one that is uncertain."""
    return item.partition("#")[2]


def credential_of(item: str) -> Credential:
    """The credential in the sort key of a newest message."""
    return Credential.of_key(item.removeprefix(_LAST))


def is_record(partition_: str, item: str) -> bool:
    """Whether it is the key of a message's record: of a user or an address, and timed."""
    kind, _, owner = partition_.partition("#")
    return kind in {_USER, _ADDRESS} and bool(owner) and BEFORE_TIMES <= item < AFTER_TIMES
