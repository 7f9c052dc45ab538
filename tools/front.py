"""The local console's address: one origin for pages and API, as CloudFront is one.

MiniStack's CloudFront serves the bucket, with function, header policies and access control; but it answers
by the ``Host`` header, which no browser sends to this machine, and MiniStack 1.5.33 forwards to no API of its
own (it refuses every origin that AWS owns). So what is below ``/api/`` goes to the API from here, and without
the headers that CloudFront would add. That part can go once MiniStack forwards to its own APIs. Nor does it
compress, as CloudFront does (``Compress`` in infra/console.yaml): that is done here, too.
"""

import gzip
import http.client
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from werkzeug.serving import WSGIRequestHandler, make_server

from tools import place, processes
from tools.place import ROOT, State
from tools.steps import step

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LOG: Final = place.FOLDER / "front.log"
_HEALTH: Final = "/_front/health"
_API: Final = "/api/"
_HOP_BY_HOP: Final = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_NOT_PASSED_BACK: Final = _HOP_BY_HOP | {"date", "server"}  # which this server tells itself
_COMPRESSED: Final = frozenset(
    {"application/json", "image/svg+xml", "text/css", "text/html", "text/javascript"}
)
_COMPRESSED_FROM_BYTES: Final = 1000
_CHUNK_BYTES: Final = 65536
_WAITS_SECONDS: Final = 60


def reserve(state: State) -> None:
    """Choose its port, which a deploy must know: people come back to it after signing in."""
    if not processes.lives(state.front_pid, state.front_born):
        state.front_port = place.free_port(state.front_port)
        state.save()


def address(state: State) -> str:
    """Where people open the console. By that name browsers keep what only a secure page may use."""
    return f"http://localhost:{state.front_port}"


def start(state: State, api_url: str, distribution: str) -> None:
    """Start it where it does not run, or leads elsewhere.

    Raises:
        Failure: it did not come up.
    """
    leads_to = [place.endpoint(state.port), api_url, distribution]
    if (
        processes.lives(state.front_pid, state.front_born)
        and state.front_leads_to == leads_to
        and _answers(state.front_port)
    ):
        return
    stop(state)
    with step("Starting the console's address"):
        state.front_pid, state.front_born = processes.start(
            [sys.executable, "-m", "tools.front", str(state.front_port), *leads_to],
            lambda: _answers(state.front_port),
            folder=ROOT,
            log=LOG,
            environment=place.clean_environment(),
        )
        state.front_leads_to = leads_to
        state.save()


def stop(state: State) -> None:
    """End it."""
    if state.front_pid is not None and processes.lives(state.front_pid, state.front_born):
        processes.end(state.front_pid, state.front_born)
    state.front_pid = state.front_born = None
    state.save()


def _answers(port: int) -> bool:
    return processes.healthy(f"{place.endpoint(port)}{_HEALTH}")


class Front:
    """The WSGI application: each request goes on as it came, and its answer comes back as it was given."""

    def __init__(self, endpoint: str, api_url: str, distribution: str) -> None:
        self._emulator = str(urlsplit(endpoint).netloc)
        self._api = urlsplit(api_url).path
        self._distribution = distribution

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        target: str = environ["REQUEST_URI"]  # raw: what is encoded stays so
        if target == _HEALTH:
            start_response("200 OK", [("content-length", "0")])
            return []
        headers = dict(_request_headers(environ))
        if target.startswith(_API):
            target = f"{self._api}/{target.removeprefix(_API)}"
            headers["host"] = self._emulator
            return self._passed(environ, target, headers, start_response)
        headers |= {"host": self._distribution, "x-forwarded-proto": "https"}
        return self._passed(environ, target, headers, start_response, compress=True)

    def _passed(
        self,
        environ: "WSGIEnvironment",
        target: str,
        headers: dict[str, str],
        start_response: "StartResponse",
        *,
        compress: bool = False,
    ) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        connection = http.client.HTTPConnection(self._emulator, timeout=_WAITS_SECONDS)
        try:
            connection.putrequest(
                environ["REQUEST_METHOD"], target, skip_host=True, skip_accept_encoding=True
            )
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders(body or None)
            answer = connection.getresponse()
        except OSError as unreached:
            connection.close()
            said = f"The emulator does not answer: {unreached}".encode()
            start_response("502 Bad Gateway", [("content-length", str(len(said)))])
            return [said]
        status = f"{answer.status} {answer.reason or HTTPStatus(answer.status).phrase}"
        told = [(name, value) for name, value in answer.getheaders() if name.lower() not in _NOT_PASSED_BACK]
        asks_whole = environ["REQUEST_METHOD"] == "GET"
        if compress and asks_whole and _can_be_compressed(answer, headers):
            with closing(connection):
                body = gzip.compress(answer.read(), mtime=0)
            told = [(name, value) for name, value in told if name.lower() != "content-length"]
            start_response(status, [*told, ("content-encoding", "gzip"), ("content-length", str(len(body)))])
            return [body]
        start_response(status, told)
        return _chunks(answer, connection)


def _can_be_compressed(answer: http.client.HTTPResponse, asked: Mapping[str, str]) -> bool:
    """As CloudFront decides: what it is, whether it is long enough, and whether the browser takes it."""
    return (
        "gzip" in asked.get("accept-encoding", "")
        and answer.status == HTTPStatus.OK
        and answer.headers.get_content_type() in _COMPRESSED
        and int(answer.headers.get("content-length", "0")) >= _COMPRESSED_FROM_BYTES
    )


def _request_headers(environ: "WSGIEnvironment") -> Iterator[tuple[str, str]]:
    for name, value in environ.items():
        match name.split("_", 1):
            case ["HTTP", rest] if (header := rest.replace("_", "-").lower()) not in _HOP_BY_HOP:
                yield header, value
            case ["CONTENT", "TYPE" | "LENGTH" as rest] if value:
                yield f"content-{rest.lower()}", value
            case _:
                pass


def _chunks(answer: http.client.HTTPResponse, connection: http.client.HTTPConnection) -> Iterator[bytes]:
    try:
        while chunk := answer.read1(_CHUNK_BYTES):
            yield chunk
    finally:
        connection.close()


class Handler(WSGIRequestHandler):
    """Without a line for each request."""

    protocol_version = "HTTP/1.1"  # an answer of unknown length goes in chunks

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Say nothing."""


if __name__ == "__main__":
    make_server(
        "127.0.0.1", int(sys.argv[1]), Front(*sys.argv[2:]), threaded=True, request_handler=Handler
    ).serve_forever()
