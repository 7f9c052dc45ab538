"""Resend's suppressions.

A row: ``{"id": ..., "email": ..., "origin": "bounce", "source_id": None,
"created_at": "2026-09-21 14:13:20.678+00"}``.
"""

from typing import Any

from werkzeug.wrappers import Request, Response

from tools.stand_ins.stand_in import StandIn, reply

_MOST = 100


class List(StandIn):
    """It trims and lower-cases the addresses that it is asked for; a removal lifts any origin."""

    def answer(self, request: Request, path: str) -> Response:
        key = request.headers.get("authorization")
        if key != f"Bearer {self.KEY}":
            return _error(403, "invalid_api_key") if key else _error(401, "missing_api_key")
        if path == "/suppressions" and request.method == "GET":
            return self._all(request)
        if path == "/suppressions/batch/remove" and request.method == "POST":
            return self._bulk(request.get_json())
        return self._one(request.method, path.removeprefix("/suppressions/"))

    def _one(self, method: str, email: str) -> Response:
        found = self._found(email)
        if not found:
            return _error(404, "not_found")
        if method == "GET":
            return reply(200, {"object": "suppression", **found[0]})
        return reply(200, self._gone(found)[0])

    def _found(self, email: str) -> list[dict[str, Any]]:
        return [row for row in self.rows if row["email"] == email.strip().lower()]

    def _gone(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self.rows = [row for row in self.rows if row not in rows]
        return [{"object": "suppression", "id": row["id"], "deleted": True} for row in rows]

    def _bulk(self, wish: dict[str, Any]) -> Response:
        emails = wish.get("emails", [])
        if not 1 <= len(emails) <= _MOST or "ids" in wish:
            return _error(422, "validation_error")
        return reply(200, {"data": self._gone([row for email in emails for row in self._found(email)])})

    def _all(self, request: Request) -> Response:
        limit, after = int(request.args.get("limit", 20)), request.args.get("after")
        if not 1 <= limit <= _MOST:
            return _error(422, "validation_error")
        ids = [row["id"] for row in self.rows]
        start = ids.index(after) + 1 if after else 0
        page = self.rows[start : start + limit]
        return reply(200, {"object": "list", "has_more": start + limit < len(ids), "data": page})


def _error(status: int, name: str) -> Response:
    return reply(status, {"statusCode": status, "name": name, "message": name})
