"""Mailgun's bounces, complaints and unsubscribes.

A row: ``{"domain": "mg.example.org", "list": "bounces", "address": ..., "code": "550", "error": ...,
"created_at": "Mon, 21 Sep 2026 14:13:20 UTC"}``; of an unsubscribe ``tags``.
"""

import re
from base64 import b64encode
from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Request, Response

from tools.stand_ins.stand_in import StandIn, reply

_PATH = re.compile(r"/v3/([^/]+)/(bounces|complaints|unsubscribes)(?:/(.*))?")


class List(StandIn):
    """It says 404 of an address that it does not list, or, as Mailgun's own mock, 200 (``mocks``).

    ``host`` is that of its pages' addresses. A DELETE that names nobody clears a list.
    """

    DOMAINS = ("mg.example.org", "news.example.org")

    def __init__(self) -> None:
        super().__init__()
        self.mocks = False
        self.host = "api.mailgun.net"

    def settings(self) -> dict[str, Any]:
        return {"key": self.KEY, "domains": list(self.DOMAINS)}

    def answer(self, request: Request, path: str) -> Response:
        known = b64encode(f"api:{self.KEY}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {known}":
            return Response("Forbidden", 401, mimetype="text/plain")
        found = _PATH.fullmatch(path)
        if found is None:
            return Response("<html>404</html>", 404, mimetype="text/html")
        domain, list_, address = found.groups()
        if domain not in self.DOMAINS:
            return reply(404, {"message": f"Domain not found: {domain}"})
        rows = [row for row in self.rows if (row["domain"], row["list"]) == (domain, list_)]
        if not address:
            return self._all(request, f"/v3/{domain}/{list_}", rows)
        return self._one(request, list_, [row for row in rows if row["address"] == address])

    def _one(self, request: Request, list_: str, found: list[dict[str, Any]]) -> Response:
        if not found:
            return reply(200 if self.mocks else 404, {"message": f"Address not found in {list_} table"})
        if request.method == "GET":
            return reply(200, _shown(found[0]))
        self.rows = [row for row in self.rows if row not in found]
        return reply(200, {"message": "Bounce has been removed", "address": found[0]["address"]})

    def _all(self, request: Request, path: str, rows: list[dict[str, Any]]) -> Response:
        if request.method == "DELETE":
            self.rows = [row for row in self.rows if row not in rows]
            return reply(200, {"message": "Bounced addresses for this domain have been removed"})
        limit = min(int(request.args.get("limit", 100)), 1000)
        after = request.args.get("address", "")
        page = sorted((row for row in rows if row["address"] > after), key=lambda row: str(row["address"]))
        page = page[:limit]
        last = page[-1]["address"] if page else after
        following = urlencode({"page": "next", "address": last, "limit": limit})
        paging = {"next": f"https://{self.host}{path}?{following}"}
        return reply(200, {"items": [_shown(row) for row in page], "paging": paging})


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("domain", "list")}
