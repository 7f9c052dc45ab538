"""Brevo's blocked contacts.

A row: ``{"email": ..., "senderEmail": ..., "blockedAt": "2026-09-21T14:13:20.000Z",
"reason": {"code": "hardBounce", "message": "Hard bounce"}}``.
"""

from datetime import UTC, date, datetime
from typing import Any

from werkzeug.wrappers import Request, Response

from tools.stand_ins.stand_in import StandIn, reply

_LIST = "/v3/smtp/blockedContacts"
_MOST = 100


class List(StandIn):
    """Unblocking lifts every entry of an address; without a filter all hard bounces go."""

    def answer(self, request: Request, path: str) -> Response:
        if request.headers.get("api-key") != self.KEY:
            return _error(401, "unauthorized")
        call = f"{request.method} {path}"
        if call == f"GET {_LIST}":
            return self._page(request)
        if call == "POST /v3/smtp/deleteHardbounces":
            return self._free(request.get_json(silent=True) or {})
        if call.startswith(f"DELETE {_LIST}/"):
            return self._unblock(path.removeprefix(f"{_LIST}/"))
        return _error(404, "document_not_found")

    def _page(self, request: Request) -> Response:
        limit, offset = int(request.args.get("limit", 50)), int(request.args.get("offset", 0))
        first, last = request.args.get("startDate"), request.args.get("endDate")
        if limit > _MOST or bool(first) != bool(last):
            return _error(400, "invalid_parameter")
        found = self.rows
        if first and last:
            if not date.fromisoformat(first) <= date.fromisoformat(last) <= datetime.now(UTC).date():
                return _error(400, "invalid_parameter")
            found = [row for row in found if first <= row["blockedAt"][:10] <= last]
        found = sorted(
            found, key=lambda row: str(row["blockedAt"]), reverse=request.args.get("sort") != "asc"
        )
        return reply(200, {"contacts": found[offset : offset + limit], "count": len(found)})

    def _free(self, wish: dict[str, Any]) -> Response:
        email = str(wish.get("contactEmail") or "").strip().lower()
        gone = [
            row
            for row in self.rows
            if row["reason"]["code"] == "hardBounce" and email in ("", row["email"].lower())
        ]
        self.rows = [row for row in self.rows if row not in gone]
        return reply(204 if gone else 200)

    def _unblock(self, email: str) -> Response:
        gone = [row for row in self.rows if row["email"].lower() == email.lower()]
        if not gone:
            return _error(404, "document_not_found")
        self.rows = [row for row in self.rows if row not in gone]
        return reply(204)


def _error(status: int, code: str) -> Response:
    return reply(status, {"code": code, "message": code})
