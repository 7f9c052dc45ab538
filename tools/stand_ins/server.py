"""All stand-ins behind one port: each below ``/<provider>``; ``/_rows/<provider>`` reads and sets a list.

``PUT /_rows/<provider>`` takes the rows in the provider's own words; ``POST /_answers/<provider>`` orders the
next answers: ``[{"status": 429, "headers": {...}, "body": ...}]``; ``GET /_calls/<provider>`` tells of calls.
``/_webhook`` is no provider's: it is told of our events.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any, Final, cast

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from tools.stand_ins.receiver import Receiver
from tools.stand_ins.stand_in import Ordered, StandIn, reply

PROVIDERS: Final = tuple(
    sorted(
        {file.stem for file in Path(__file__).parent.glob("*.py")}
        - {"__init__", "receiver", "server", "stand_in"}
    )
)


def stand_ins() -> dict[str, StandIn]:
    """A new one of each provider, by its id."""
    made = {}
    for provider in PROVIDERS:
        module = import_module(f"tools.stand_ins.{provider}")
        made[provider] = cast("StandIn", module.List())
    return made


class _Quiet(WSGIRequestHandler):
    """Without a line for each call."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Say nothing."""


@contextmanager
def serving(lists: Mapping[str, StandIn], port: int = 0) -> Iterator[str]:
    """Serve them meanwhile; their address."""
    server = make_server("127.0.0.1", port, _application(lists), threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _application(lists: Mapping[str, StandIn]) -> Any:
    receiver = Receiver()

    @Request.application
    def application(request: Request) -> Response:
        first, _, rest = request.path.removeprefix("/").partition("/")
        if first in lists:
            return lists[first](request, f"/{rest}")
        if first == "_webhook":
            return receiver(request)
        if first == "_health":
            return reply(200, {})
        known = lists.get(rest)
        return reply(404) if known is None else _arranged(first, known, request)

    return application


def _arranged(what: str, list_: StandIn, request: Request) -> Response:
    """What a test wants to know, or to be so."""
    match what, request.method:
        case "_rows", "GET":
            return reply(200, list_.rows)
        case "_rows", "PUT":
            list_.rows[:] = request.get_json()
        case "_answers", "POST":
            list_.ordered += [Ordered(**ordered) for ordered in request.get_json()]
        case "_calls", "GET":
            return reply(200, [asdict(call) for call in list_.called])
        case "_calls", "DELETE":
            list_.called.clear()
        case _:
            return reply(404)
    return reply(200, {})


if __name__ == "__main__":
    make_server(
        "127.0.0.1", int(sys.argv[1]), _application(stand_ins()), threaded=True, request_handler=_Quiet
    ).serve_forever()
