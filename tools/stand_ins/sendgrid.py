"""SendGrid's suppressions.

A row: ``{"list": "bounces", "email": ..., "created": 1790000000, "reason": ...}``, with what else SendGrid
tells of an entry.
"""

import re
from typing import Any

from werkzeug.wrappers import Request, Response

from tools.stand_ins.stand_in import StandIn, reply

_ONE = re.compile(r"/v3/suppression/(bounces|blocks|invalid_emails|spam_reports)/(.+)")
_ALL = re.compile(r"/v3/suppression/(bounces|blocks|invalid_emails|spam_reports|unsubscribes)/?")
_GLOBAL = re.compile(r"/v3/asm/suppressions/global/(.+)")


class List(StandIn):
    """It clears a whole list where a DELETE names nobody, as SendGrid does with ``delete_all``."""

    def answer(self, request: Request, path: str) -> Response:
        if request.headers.get("authorization") != f"Bearer {self.KEY}":
            return reply(401, {"errors": [{"field": None, "message": "authorization required"}]})
        if (found := _GLOBAL.fullmatch(path)) is not None:
            return self._global(request.method, found[1])
        if (found := _ONE.fullmatch(path)) is not None:
            return self._one(request.method, found[1], found[2])
        if (found := _ALL.fullmatch(path)) is not None:
            return self._all(request, found[1])
        return reply(404, {"errors": [{"field": None, "message": "not found"}]})

    def _of(self, list_: str) -> list[dict[str, Any]]:
        return [row for row in self.rows if row["list"] == list_]

    def _global(self, method: str, email: str) -> Response:
        found = [row for row in self._of("unsubscribes") if row["email"].lower() == email.lower()]
        if method == "GET":
            return reply(200, {"recipient_email": found[0]["email"]} if found else {})
        self.rows = [row for row in self.rows if row not in found]
        return reply(204)  # whether or not it was there

    def _one(self, method: str, list_: str, email: str) -> Response:
        found = [row for row in self._of(list_) if row["email"].lower() == email.lower()]
        if method == "GET":
            return reply(200, [_shown(row) for row in found])
        if not found:
            return reply(404, {"errors": [{"field": None, "message": "not found"}]})
        self.rows = [row for row in self.rows if row not in found]
        return reply(204)

    def _all(self, request: Request, list_: str) -> Response:
        if request.method == "GET":
            offset, limit = int(request.args.get("offset", 0)), int(request.args.get("limit", 500))
            return reply(200, [_shown(row) for row in self._of(list_)[offset : offset + min(limit, 500)]])
        wish = request.get_json(silent=True) or {"delete_all": True}
        named = {email.lower() for email in wish.get("emails", [])}
        gone = [
            row
            for row in self._of(list_)
            if wish.get("delete_all") or not named or row["email"].lower() in named
        ]
        self.rows = [row for row in self.rows if row not in gone]
        return reply(204)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "list"}
