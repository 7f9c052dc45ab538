"""The local console's address: where a request goes on to, and that nothing of it is lost on the way."""

import gzip
import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any, Final

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from tools import front

_API: Final = "/_aws/execute-api/a1b2/$default"
_DISTRIBUTION: Final = "d1.cloudfront.net"


@Request.application
def _emulator(request: Request) -> Response:
    """Tells what came; as an API with its headers, as a file in parts."""
    told = {
        "method": request.method,
        "target": request.environ["REQUEST_URI"],
        "headers": {name.lower(): value for name, value in request.headers.items()},
        "body": request.get_data(as_text=True),
    }
    if "parts" in request.args:
        return Response(iter([b"one ", b"two"]), content_type="text/plain")
    if "script" in request.args:
        return Response("let a = 1; " * 200, content_type="text/javascript; charset=utf-8")
    headers = {"etag": '"7"', "retry-after": "5", "cache-control": "no-store", "keep-alive": "timeout=9"}
    return Response(json.dumps(told), 429, headers, content_type="application/problem+json")


@contextmanager
def _serving(application: Any) -> Iterator[int]:
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=front.Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with _serving(_emulator) as emulator:
        endpoint = f"http://127.0.0.1:{emulator}"
        with _serving(front.Front(endpoint, f"{endpoint}{_API}", _DISTRIBUTION)) as port:
            yield port


def _ask(
    port: int, target: str, method: str = "GET", body: str | None = None, **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    """A request as it stands: no client tidies its path."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(
        method,
        target,
        body and body.encode(),
        {name.replace("_", "-"): value for name, value in headers.items()},
    )
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer, data


@pytest.mark.parametrize(
    ("asked", "target", "host"),
    [
        ("/", "/", _DISTRIBUTION),
        ("/people/a%2Fb?x=%20&y", "/people/a%2Fb?x=%20&y", _DISTRIBUTION),
        ("/api", "/api", _DISTRIBUTION),
        ("/apix/me", "/apix/me", _DISTRIBUTION),
        ("/api/me", f"{_API}/me", None),
        ("/api/users/a%2Fb?cursor=c%3D", f"{_API}/users/a%2Fb?cursor=c%3D", None),
        ("/people/../api/me", "/people/../api/me", _DISTRIBUTION),
    ],
)
def test_the_api_s_paths_go_to_the_api_and_all_others_to_cloudfront(
    port: int, asked: str, target: str, host: str | None
) -> None:
    told = json.loads(_ask(port, asked, x_forwarded_proto="http")[1])
    assert told["target"] == target
    by_cloudfront = host is not None
    assert (told["headers"]["host"] == _DISTRIBUTION) is by_cloudfront
    assert (told["headers"]["x-forwarded-proto"] == "https") is by_cloudfront


def test_a_request_goes_on_with_its_method_body_and_headers(port: int) -> None:
    sent = {
        "authorization": "Bearer a",
        "if_match": '"7"',
        "accept_language": "es",
        "content_type": "application/json",
    }
    told = json.loads(_ask(port, "/api/users/7/reset", "POST", '{"note": "ü"}', **sent, te="trailers")[1])
    assert (told["method"], told["body"]) == ("POST", '{"note": "ü"}')
    assert told["headers"].items() >= {name.replace("_", "-"): value for name, value in sent.items()}.items()
    assert "te" not in told["headers"]


def test_an_answer_comes_back_with_its_status_and_headers(port: int) -> None:
    answer, _ = _ask(port, "/api/me")
    assert answer.status == 429
    told = {name: answer.headers.get_all(name) for name in ("etag", "retry-after", "cache-control", "date")}
    assert told == {
        "etag": ['"7"'],
        "retry-after": ["5"],
        "cache-control": ["no-store"],
        "date": [answer.headers["date"]],
    }
    assert answer.headers["content-type"] == "application/problem+json"
    assert "keep-alive" not in answer.headers


def test_an_answer_of_unknown_length_comes_in_parts(port: int) -> None:
    answer, data = _ask(port, "/a.txt?parts")
    assert (answer.headers["transfer-encoding"], data) == ("chunked", b"one two")


@pytest.mark.parametrize(
    ("target", "accepted", "encoding"),
    [
        ("/assets/a.js?script", "gzip, deflate, br", "gzip"),
        ("/assets/a.js?script", "identity", None),
        ("/assets/a.txt?parts", "gzip", None),  # nobody knows how long it is
        ("/api/me?script", "gzip", None),  # whose ETag comes back as If-Match
    ],
)
def test_a_long_file_is_compressed_for_whoever_takes_it_so(
    port: int, target: str, accepted: str, encoding: str | None
) -> None:
    answer, data = _ask(port, target, accept_encoding=accepted)
    assert answer.headers["content-encoding"] == encoding
    if encoding:
        assert (gzip.decompress(data), answer.headers["content-length"]) == (
            b"let a = 1; " * 200,
            str(len(data)),
        )


def test_a_head_has_no_body(port: int) -> None:
    answer, data = _ask(port, "/index.html", "HEAD")
    assert (answer.status, data) == (429, b"")
    answer, data = _ask(port, "/assets/a.js?script", "HEAD", accept_encoding="gzip")
    assert (answer.headers["content-encoding"], data) == (None, b"")


def test_an_emulator_that_is_down_is_told() -> None:
    gone = "http://127.0.0.1:1"
    with _serving(front.Front(gone, f"{gone}{_API}", _DISTRIBUTION)) as port:
        answer, data = _ask(port, "/api/me")
    assert answer.status == 502
    assert data.startswith(b"The emulator does not answer")
