"""The event webhook: what it posts, signed, and what becomes of an event that is not taken."""

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any, ClassVar, Final

import pytest
import time_machine
from standardwebhooks import Webhook, WebhookVerificationError

from functions.event_webhook.app import handler
from reachable import aws as clients
from reachable.flows import tell_webhook
from reachable.queues import event_webhook as queue
from reachable.secrets import _documents
from tests.functions import wire
from tests.functions.district import CONTEXT
from tests.unit.rules.test_event_webhook import entry

pytestmark = pytest.mark.usefixtures("aws")

NEW: Final = "whsec_" + base64.b64encode(b"n" * 32).decode()
OLD: Final = "whsec_" + base64.b64encode(b"o" * 32).decode()
ID: Final = "0123456789abcdef0123456789abcdef"


class Receiver(HTTPServer):
    """Somebody's server: it keeps what it is posted, and answers what a test has ordered."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.posts: list[tuple[dict[str, str], bytes]] = []
        self.status = 200
        self.headers: Mapping[str, str] = {}
        self.url = f"http://127.0.0.1:{self.server_port}/hooks?key=s3cret"

    def verified(self, secret: str) -> Any:
        """The last post, as who has this secret reads it."""
        headers, body = self.posts[-1]
        return Webhook(secret).verify(body, headers)


class _Asked(BaseHTTPRequestHandler):
    server: Receiver
    paths: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.posts.append(({key.lower(): value for key, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Say nothing."""


@pytest.fixture
def receiver(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    for name in ("event-webhook", "event-webhook-dead-letters"):
        clients.client("sqs").create_queue(QueueName=name)
    server = Receiver()
    monkeypatch.setattr(tell_webhook, "URL", server.url)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def set_secrets(document: object) -> None:
    text = document if isinstance(document, str) else json.dumps(document)
    clients.client("ssm").put_parameter(
        Name="/reachable/test/event-webhook", Type="SecureString", Value=text, Overwrite=True
    )


def tell(body: str, attempt: int = 1) -> bool:
    """The function is brought a message of its queue; whether it is done with it."""
    sqs = clients.client("sqs")
    sqs.send_message(QueueUrl=queue.QUEUE_URL, MessageBody=body)
    [received] = sqs.receive_message(QueueUrl=queue.QUEUE_URL)["Messages"]
    record = {
        "messageId": "1",
        "receiptHandle": received["ReceiptHandle"],
        "body": received["Body"],
        "attributes": {"ApproximateReceiveCount": str(attempt)},
        "eventSource": "aws:sqs",
    }
    failed = handler({"Records": [record]}, CONTEXT)["batchItemFailures"]
    if not failed:
        sqs.delete_message(QueueUrl=queue.QUEUE_URL, ReceiptHandle=received["ReceiptHandle"])
    return not failed


def dead_letters() -> list[str]:
    found = clients.client("sqs").receive_message(
        QueueUrl=queue.DEAD_LETTERS_QUEUE_URL, MaxNumberOfMessages=10
    )
    return [message["Body"] for message in found.get("Messages", [])]


@contextmanager
def put_off() -> Iterator[list[int]]:
    """For how many seconds what comes is put off."""
    waits: list[int] = []
    with wire.overheard(clients.client("sqs"), "ChangeMessageVisibility") as asked:
        yield waits
    waits += [one["VisibilityTimeout"] for one in asked]


def test_an_event_is_posted_as_standard_webhooks_say(receiver: Receiver) -> None:
    set_secrets({"secrets": [NEW]})

    assert tell(entry())

    headers, body = receiver.posts[0]
    assert json.loads(body) == {
        "type": "credential.marked_bad",
        "timestamp": "2026-11-28T05:00:00Z",
        "data": {"version": "1", "id": ID, "status": "bad", "open": []},
    }
    assert headers["webhook-id"] == ID
    assert headers["content-type"] == "application/json"
    assert receiver.verified(NEW) == json.loads(body)
    with pytest.raises(WebhookVerificationError):
        receiver.verified(OLD)
    assert dead_letters() == []


def test_while_a_secret_is_rotated_both_sign_the_newest_first(receiver: Receiver) -> None:
    set_secrets({"secrets": [NEW, OLD]})

    assert tell(entry())

    headers, body = receiver.posts[0]
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    assert headers["webhook-signature"].split(" ") == [
        Webhook(secret).sign(ID, at, body.decode()) for secret in (NEW, OLD)
    ]
    assert receiver.verified(NEW) == receiver.verified(OLD)


def test_a_repeat_has_the_same_id_and_a_time_of_its_own(receiver: Receiver) -> None:
    set_secrets({"secrets": [NEW]})
    now = datetime.now(UTC)
    with time_machine.travel(now, tick=False) as clock:
        tell(entry())
        clock.move_to(now + timedelta(hours=10), tick=False)
        tell(entry())

    (first, body), (second, again) = receiver.posts
    assert first["webhook-id"] == second["webhook-id"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 36_000
    assert body == again


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_every_2xx_is_taken(receiver: Receiver, status: int) -> None:
    set_secrets({"secrets": [NEW]})
    receiver.status = status

    with put_off() as waits:
        assert tell(entry())
    assert waits == []


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 403, 404, 413, 429, 500, 502, 503])
def test_everything_else_comes_again_and_no_redirect_is_followed(receiver: Receiver, status: int) -> None:
    set_secrets({"secrets": [NEW]})
    receiver.status, receiver.headers = status, {"location": receiver.url}

    with put_off() as waits:
        assert not tell(entry(), attempt=2)

    [wait] = waits
    assert 150 <= wait <= 300
    assert len(receiver.posts) == 1
    assert dead_letters() == []


@pytest.mark.parametrize(
    ("told", "wait"),
    [
        ("600", 601),
        ("Sat, 28 Nov 2026 05:20:00 GMT", 1201),
        ("1", 5),
        ("soon", 5),
        ("-5", 5),
        ("9" * 400, 42_000),
        ("Sat, 28 Nov 2020 05:20:00 GMT", 5),
    ],
)
def test_a_receiver_that_asks_for_time_gets_it(
    receiver: Receiver, told: str, wait: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_secrets({"secrets": [NEW]})
    receiver.status, receiver.headers = 503, {"retry-after": told}
    monkeypatch.setattr("random.random", lambda: 1.0)

    with time_machine.travel(datetime(2026, 11, 28, 5, tzinfo=UTC), tick=False), put_off() as waits:
        assert not tell(entry())

    assert waits == [wait]


def test_after_the_last_attempt_it_is_a_dead_letter_at_once(receiver: Receiver) -> None:
    """It waits for nothing: the queue moves it when it is received next."""
    set_secrets({"secrets": [NEW]})
    receiver.status = 500

    with put_off() as waits:
        assert not tell(entry(), attempt=12)

    assert waits == [0]


def test_who_is_gone_is_asked_no_more_and_ops_have_the_event(receiver: Receiver) -> None:
    set_secrets({"secrets": [NEW]})
    receiver.status = 410

    assert tell(entry())

    assert dead_letters() == [entry()]


def test_what_is_no_event_is_a_dead_letter_at_once(receiver: Receiver) -> None:
    set_secrets({"secrets": [NEW]})

    assert tell("no event")

    assert dead_letters() == ["no event"]
    assert receiver.posts == []


def test_a_receiver_that_is_not_there_is_asked_later(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """And its address, which may have a secret, stands in no log."""
    set_secrets({"secrets": [NEW]})
    monkeypatch.setattr(tell_webhook, "URL", "http://127.0.0.1:1/hooks?key=s3cret")

    with put_off() as waits:
        assert not tell(entry())

    assert len(waits) == 1
    [said] = [vars(record) for record in caplog.records if record.msg == "event_not_told"]
    assert (said["error"], said["code"], said["attempt"]) == ("PutOff", "NewConnectionError", 1)
    assert "s3cret" not in str(said)


def test_a_receiver_that_thinks_long_is_given_up(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    set_secrets({"secrets": [NEW]})
    with Deaf() as url:
        monkeypatch.setattr(tell_webhook, "URL", url)
        monkeypatch.setattr("reachable.receivers.event_webhook.READ_SECONDS", 0.2)
        with put_off() as waits:
            assert not tell(entry())
    assert len(waits) == 1


class Deaf:
    """It takes connections, and never answers."""

    def __enter__(self) -> str:
        import socket

        self.socket = socket.create_server(("127.0.0.1", 0))
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}/"

    def __exit__(self, *_: object) -> None:
        self.socket.close()


@pytest.mark.parametrize(
    "document",
    [
        "no JSON",
        "[]",
        {"secrets": []},
        {"secrets": NEW},
        {"secrets": [7]},
        {"secrets": [""]},
        {"secrets": ["whsec_"]},
        {"secrets": ["n" * 32]},
        {"secrets": ["whsec_!"]},
        {"secrets": ["whsec_bm9uc2Vuc2U="]},  # nine bytes; the specification wants 24
        {"secrets": [NEW, "whsec_a"]},
    ],
)
def test_a_secret_that_cannot_be_read_posts_nothing(receiver: Receiver, document: object) -> None:
    set_secrets(document)

    with put_off() as waits:
        assert not tell(entry())

    assert len(waits) == 1
    assert receiver.posts == []


def test_without_a_secret_nothing_is_posted_until_there_is_one(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    with put_off() as waits:
        assert not tell(entry())
    assert len(waits) == 1
    assert receiver.posts == []

    set_secrets({"secrets": [NEW]})
    now += _documents.REREAD_SECONDS
    assert tell(entry())


def test_a_secret_is_read_again_after_five_minutes_and_kept_where_ssm_does_not_answer(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    set_secrets({"secrets": [OLD]})
    assert tell(entry())
    set_secrets({"secrets": [NEW]})
    assert tell(entry())
    receiver.verified(OLD)
    now += _documents.KEPT_SECONDS
    with wire.cut_off(clients.client("ssm", attempts=2, read_seconds=2), "GetParameter"):
        assert tell(entry())
    receiver.verified(OLD)
    now += _documents.REREAD_SECONDS
    assert tell(entry())
    receiver.verified(NEW)


def test_where_the_queue_does_not_answer_the_event_comes_again_when_it_will(receiver: Receiver) -> None:
    set_secrets({"secrets": [NEW]})
    receiver.status = 500
    with wire.cut_off(clients.client("sqs"), "ChangeMessageVisibility"):
        assert not tell(entry())
    receiver.status = 410
    with wire.cut_off(clients.client("sqs"), "SendMessage"):
        assert not _told_while_cut_off()


def _told_while_cut_off() -> bool:
    """As `tell`, of a message that lies in the queue already: the test's own client is another."""
    record = {
        "messageId": "1",
        "receiptHandle": "x",
        "body": entry(),
        "attributes": {"ApproximateReceiveCount": "1"},
        "eventSource": "aws:sqs",
    }
    return not handler({"Records": [record]}, CONTEXT)["batchItemFailures"]
