"""One attempt a message, over a real connection to a server of the test's own."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any, Final

import pytest
from botocore.exceptions import ConnectTimeoutError

from reachable import aws
from reachable.model.delivery_event import Cause
from reachable.model.errors import MessageRefused, PutOff, ReachableError, SendUncertain
from reachable.model.message import Outgoing
from reachable.senders import _aws, ses
from tests.unit.senders.messages import ADA, outgoing, played, told

TAKEN: Final = (
    b"<SendRawEmailResponse xmlns='http://ses.amazonaws.com/doc/2010-12-01/'>"
    b"<SendRawEmailResult><MessageId>ses-1</MessageId></SendRawEmailResult></SendRawEmailResponse>"
)
REFUSED: Final = b"<ErrorResponse><Error><Code>%s</Code><Message>No.</Message></Error></ErrorResponse>"

type Behaviour = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """SES as the test wants it; ``asked`` counts the requests, ``connections`` who connected."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.asked = 0
        self.connections: set[Any] = set()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                server.asked += 1
                server.connections.add(self.client_address)
                self.rfile.read(int(self.headers["Content-Length"]))
                behaviour(self)

            def log_message(self, *_: object) -> None:
                """The test's output is for the test."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True


def answers(status: int, body: bytes, **headers: str) -> Behaviour:
    def behaviour(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return behaviour


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def breaks_off(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(TAKEN)))
    handler.end_headers()
    handler.wfile.write(TAKEN[:20])
    hangs_up(handler)


@contextmanager
def serving(monkeypatch: pytest.MonkeyPatch, behaviour: Behaviour) -> Iterator[Server]:
    server = Server(behaviour)
    thread = threading.Thread(target=server.http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_SES", f"http://127.0.0.1:{server.http.server_port}")
    try:
        yield server
    finally:
        _aws.client("ses").close()
        server.http.shutdown()
        thread.join()
        server.http.server_close()


def send(message: Outgoing | None = None) -> None:
    ses.prepare(message or outgoing(), ADA)()


def test_a_message_that_is_taken_is_sent_by_one_request(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, answers(200, TAKEN)) as server:
        send()
        assert server.asked == 1


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        (hangs_up, (SendUncertain,)),
        (breaks_off, (SendUncertain,)),
        (answers(200, b"<not"), (SendUncertain,)),
        (answers(500, REFUSED % b"InternalFailure"), (SendUncertain,)),
        (answers(502, b"<html>Bad Gateway"), (SendUncertain,)),
        (answers(503, b""), (SendUncertain,)),
        (answers(503, REFUSED % b"ServiceUnavailable"), (PutOff, None)),
        (answers(503, REFUSED % b"ServiceUnavailable", Retry_After="7"), (PutOff, 7)),
        (answers(400, REFUSED % b"Throttling", Retry_After="soon"), (PutOff, None)),
        (answers(429, REFUSED % b"Brandnew"), (PutOff, None)),
        (answers(403, b"<html>Forbidden"), (SendUncertain,)),  # by whom? It may not even be AWS
        (answers(400, REFUSED % b"Brandnew"), (MessageRefused, Cause.UNKNOWN, "Brandnew")),
    ],
)
def test_what_fails_is_told_apart_and_never_tried_again(
    monkeypatch: pytest.MonkeyPatch, behaviour: Behaviour, expected: tuple[Any, ...]
) -> None:
    with serving(monkeypatch, behaviour) as server:
        with pytest.raises(ReachableError) as failed:
            send()
        assert (told(failed.value), server.asked) == (expected, 1)


def test_an_answer_that_does_not_come_in_time_leaves_it_uncertain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_aws, "READ_SECONDS", 0.1)
    taken, given_up = threading.Event(), threading.Event()

    def answers_late(handler: BaseHTTPRequestHandler) -> None:
        taken.set()
        if not given_up.wait(60):
            answers(200, TAKEN)(handler)

    with serving(monkeypatch, answers_late) as server:
        with pytest.raises(SendUncertain):
            send()
        assert taken.wait(60)  # the server may come to it later than the sender gave up
        given_up.set()
        assert server.asked == 1


def test_without_a_connection_a_message_is_put_off(monkeypatch: pytest.MonkeyPatch, nobody: str) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SES", nobody)
    with pytest.raises(PutOff) as failed:
        send()
    assert failed.value.seconds is None


def test_a_connection_that_is_not_made_in_time_puts_a_message_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws, "_CONNECT_SECONDS", 0.1)
    with socket.socket() as busy, socket.socket() as first, socket.socket() as second:
        busy.bind(("127.0.0.1", 0))
        busy.listen(0)
        for one in (first, second):  # they fill the queue of those who wait to be let in
            one.setblocking(False)
            one.connect_ex(busy.getsockname())
        monkeypatch.setenv("AWS_ENDPOINT_URL_SES", f"http://127.0.0.1:{busy.getsockname()[1]}")
        with pytest.raises(PutOff) as put_off:
            send()
    assert isinstance(put_off.value.__cause__, ConnectTimeoutError)  # the system's own end would be another


@pytest.mark.parametrize(("idle", "connections"), [(0, 1), (4.5, 1), (5.5, 2)])
def test_a_connection_that_was_idle_for_long_is_not_used_again(
    monkeypatch: pytest.MonkeyPatch, idle: float, connections: int
) -> None:
    """AWS may have closed it meanwhile: the message would seem lost and be uncertain for nothing."""
    now = 1_000.0
    monkeypatch.setattr(_aws, "time", SimpleNamespace(monotonic=lambda: now))
    with serving(monkeypatch, answers(200, TAKEN)) as server:
        send()
        now += idle
        send()
        assert (server.asked, len(server.connections)) == (2, connections)


def test_a_client_is_made_once() -> None:
    assert _aws.client("ses") is _aws.client("ses")


def test_a_request_that_cannot_even_be_made_is_our_fault() -> None:
    """Its sentence, which names the address, goes into no log."""
    with pytest.raises(MessageRefused) as refused:
        _aws.attempt(lambda: _aws.client("sns").publish(PhoneNumber=1, Message="x"), lambda _: None)
    assert told(refused.value) == (MessageRefused, Cause.CONTENT_OR_SIZE, "ParamValidationError")
    assert refused.value.__suppress_context__


LATER: Final = (
    "Throttling ThrottlingException Throttled ThrottledException RequestThrottled RequestThrottledException "
    "TooManyRequestsException RequestLimitExceeded SlowDown ServiceUnavailable ServiceUnavailableException"
)
DENIED: Final = (
    "AccessDenied AccessDeniedException ExpiredToken ExpiredTokenException InvalidClientTokenId "
    "UnrecognizedClientException SignatureDoesNotMatch IncompleteSignature IncompleteSignatureException "
    "InvalidSignatureException MissingAuthenticationTokenException MissingAuthenticationToken "
    "NotAuthorized OptInRequired RequestExpired"
)


@pytest.mark.parametrize(
    ("code", "error"),
    [(code, (PutOff, None)) for code in LATER.split()]
    + [(code, (PutOff, None, "denied")) for code in DENIED.split()],
)
def test_what_every_service_answers_is_told_without_a_row_of_its_own(
    code: str, error: tuple[Any, ...]
) -> None:
    """4xx all of them: without a row they would be refused for an unknown cause."""
    with played("ses") as aws:
        aws.add_client_error("send_raw_email", code, http_status_code=400)
        with pytest.raises(PutOff) as failed:
            send()
    assert told(failed.value) == error
