"""The queue ``delivery-events``: what providers say, raw, until its dialect reads it.

``webhooks`` puts entries of ours on it; SNS and EventBridge put their own messages there, which are told by
their shape. SQS takes no control characters and 1 MiB at most, so a body travels in base64, and a large one
lies in the bucket ``inbox`` with only its key on the queue. What was taken off the queue is archived there
too, as entries that can be put on the queue again.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl
from uuid import uuid4

import orjson

from reachable import aws, settings
from reachable.model.errors import ParseError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

INBOX: Final = settings.text("INBOX_BUCKET")
INLINE_LIMIT: Final = 700_000
"""Bytes of a raw body that still fit the queue in base64, with the headers beside it."""
RAW_RETENTION_DAYS: Final = settings.optional("RAW_RETENTION_DAYS", 30, int)
"""For how long the bucket keeps raw bodies (its lifecycle rule); 0: none are kept."""


def _sqs() -> "SQSClient":
    made: SQSClient = aws.client("sqs", attempts=2, read_seconds=3)
    return made


def _s3() -> "S3Client":
    made: S3Client = aws.client("s3", attempts=2, read_seconds=3)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One call of a provider, as it came. ``url`` is the path and ``query`` the raw query string.

    ``received_at`` is when it was first received, whoever received it: a redrive does not change it.
    """

    provider: str
    received_at: datetime
    body: bytes
    account: str | None = None
    method: str = "POST"
    url: str = ""
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def query_parameters(self) -> dict[str, str]:
        """The query by parameter; of one that stands twice, the last."""
        return dict(parse_qsl(self.query, keep_blank_values=True))


def put(entry: Entry) -> None:
    """Keep a call; when this returns, it is stored. A large body goes by the bucket.

    Raises:
        botocore's errors where bucket or queue did not take it: then nothing of it is on the queue.
    """
    message = _message(entry)
    if len(entry.body) > INLINE_LIMIT:
        key = f"webhooks/{entry.received_at:%Y/%m/%d}/{entry.provider}/{uuid4()}"
        _s3().put_object(Bucket=INBOX, Key=key, Body=entry.body)
        del message["body"]
        message["inbox"] = key
    queue = settings.text("DELIVERY_EVENTS_QUEUE_URL")
    _sqs().send_message(QueueUrl=queue, MessageBody=orjson.dumps(message).decode())


def archive_key(received_at: datetime) -> str | None:
    """Where a batch's raw bodies will be kept, so that what they say can name it. None: none are kept."""
    return None if RAW_RETENTION_DAYS == 0 else f"{archive_folder(received_at)}{uuid4()}.jsonl"


def archive_folder(day: date) -> str:
    """Where all batches of a day lie."""
    return f"raw/{day:%Y/%m/%d}/"


def archive(key: str, entries: Iterable[Entry]) -> None:
    """Keep a batch's raw bodies as one object, an entry a line.

    Raises:
        botocore's errors where the bucket did not take it.
    """
    _s3().put_object(Bucket=INBOX, Key=key, Body=b"\n".join(orjson.dumps(_message(e)) for e in entries))


def archived(key: str) -> list[Entry] | None:
    """The entries of an archived batch; None where it is not kept any more."""
    try:
        body = _s3().get_object(Bucket=INBOX, Key=key)["Body"].read()
    except _s3().exceptions.NoSuchKey:
        return None
    return [_our_entry(orjson.loads(line)) for line in body.splitlines()]


def _message(entry: Entry) -> dict[str, Any]:
    return {
        "provider": entry.provider,
        "account": entry.account,
        "method": entry.method,
        "url": entry.url,
        "query": entry.query,
        "headers": dict(entry.headers),
        "received_at": entry.received_at.isoformat(),
        "body": base64.b64encode(entry.body).decode(),
    }


def read(body: str, sent_at: datetime) -> Entry:
    """The call that a queue message holds, whoever put it there; ``sent_at`` is SQS's ``SentTimestamp``.

    Raises:
        ParseError: it is no JSON object, or of no shape that we know.
        botocore's errors where the bucket does not give a large body.
    """
    try:
        message = orjson.loads(body)
    except orjson.JSONDecodeError as problem:
        raise ParseError("delivery-events", "$", "no JSON") from problem
    if not isinstance(message, dict):
        raise ParseError("delivery-events", "$", "no JSON object")
    if "provider" in message and ("body" in message or "inbox" in message):
        return _our_entry(message)
    return Entry(
        provider=_provider_of_shape(message),
        received_at=_first_received(message, sent_at),
        body=body.encode(),
    )


def _first_received(message: Mapping[str, Any], sent_at: datetime) -> datetime:
    """When SNS or EventBridge received it; SQS's own time moves where it is put back on the queue.

    EventBridge cuts its time to the second: then it is the last moment at which it can have been, since
    nothing that is told of that second must seem to come from the future.
    """
    told = message.get("Timestamp") if "Message" in message else message.get("time")
    try:
        at = datetime.fromisoformat(told) if isinstance(told, str) else sent_at
    except ValueError:
        return sent_at
    last = at if at.microsecond else at + _SECOND
    return min(last.replace(tzinfo=UTC) if last.tzinfo is None else last, sent_at)


_SECOND: Final = timedelta(seconds=1) - timedelta.resolution


def _our_entry(message: Mapping[str, Any]) -> Entry:
    try:
        raw = (
            _s3().get_object(Bucket=INBOX, Key=message["inbox"])["Body"].read()
            if "inbox" in message
            else base64.b64decode(message["body"], validate=True)
        )
        account, headers = message.get("account"), message["headers"]
        return Entry(
            provider=_text(message["provider"]),
            account=None if account is None else _text(account),
            method=_text(message["method"]),
            url=_text(message["url"]),
            query=_text(message["query"]),
            headers={_text(name): _text(value) for name, value in headers.items()},
            received_at=datetime.fromisoformat(message["received_at"]),
            body=raw,
        )
    except (AttributeError, KeyError, TypeError, ValueError, binascii.Error) as problem:
        raise ParseError("delivery-events", "$", f"no whole entry: {type(problem).__name__}") from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _provider_of_shape(message: Mapping[str, Any]) -> str:
    """SES and End User Messaging come by SNS (wrapped or raw) and by EventBridge."""
    if "detail-type" in message:
        return "ses" if message.get("source") == "aws.ses" else "aws_sms"
    if "Type" in message and "Message" in message:
        inner = _inner(message["Message"])
        # What SNS itself says (subscription confirmed, topic validated) is no JSON object; SES knows it.
        return "ses" if inner is None else _provider_of_shape(inner)
    if str(message.get("eventType", "")).startswith(("TEXT_", "VOICE_", "MEDIA_")):
        return "aws_sms"
    if "originationNumber" in message:  # a text that came in by two-way SMS
        return "aws_sms"
    if "eventType" in message or "notificationType" in message:
        return "ses"
    raise ParseError("delivery-events", "$", "no shape that we know")


def _inner(text: object) -> Mapping[str, Any] | None:
    try:
        inner = orjson.loads(text) if isinstance(text, str) else None
    except orjson.JSONDecodeError:
        return None
    return inner if isinstance(inner, dict) else None
