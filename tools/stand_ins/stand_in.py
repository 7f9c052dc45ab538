"""What every stand-in has: the rows of its list, the calls that were made, and answers that a test orders."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import RLock
from typing import Any

from werkzeug.wrappers import Request, Response


@dataclass(slots=True)
class Ordered:
    """An answer that is given in place of the stand-in's own."""

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Called:
    """A call as it was made. ``path`` is as it was sent, percent-encoded, with its query."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: str


class StandIn:
    """A provider's list. ``rows`` are its entries in the provider's own words."""

    KEY = "key-of-the-tests"
    """What authorises a call."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.called: list[Called] = []
        self.ordered: list[Ordered] = []
        self._lock = RLock()

    @property
    def calls(self) -> list[str]:
        """``GET /v3/...`` of each call."""
        return [f"{call.method} {call.path}" for call in self.called]

    def __call__(self, request: Request, path: str) -> Response:
        """Answer a call; ``path`` is that below the stand-in's own address, decoded."""
        with self._lock:
            sent = str(request.environ.get("REQUEST_URI", request.full_path))
            body = request.get_data(as_text=True)
            self.called.append(Called(request.method, sent, dict(request.headers), body))
            if self.ordered:
                ordered = self.ordered.pop(0)
                answer = reply(ordered.status, ordered.body)
                answer.headers.extend(ordered.headers)
                return answer
            return self.answer(request, path)

    def answer(self, request: Request, path: str) -> Response:
        """As the provider answers."""
        raise NotImplementedError

    def settings(self) -> dict[str, Any]:
        """What an account of ours must have set, beside the address."""
        return {"key": self.KEY}


def reply(status: int, body: object = None) -> Response:
    """An answer in JSON; without a body where there is none. Bytes go as they are: a proxy's page."""
    text = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return Response(text, HTTPStatus(status), mimetype="application/json")


def is_signed(request: Request, service: str) -> bool:
    """Whether a call is signed for a service of AWS (SigV4), by whomever."""
    return f"/{service}/aws4_request" in request.headers.get("authorization", "")
