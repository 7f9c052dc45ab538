"""Mandrill's denylist.

A row: ``{"email": ..., "reason": "hard-bounce", "detail": ..., "created_at": "2026-09-21 14:13:20",
"last_event_at": ..., "expires_at": "2026-09-28 14:13:20", "expired": False, "subaccount": None}``.
"""

from typing import Any

from werkzeug.wrappers import Request, Response

from tools.stand_ins.stand_in import StandIn, reply


class List(StandIn):
    """A part of an address finds it; at most 1000 come. An error is told by its name, with ``status``.

    ``errs``: what is not listed is an error, not ``deleted: false``.
    """

    SUBACCOUNTS = ("ridge", "valley")

    def __init__(self) -> None:
        super().__init__()
        self.status = 500
        self.errs = False

    def answer(self, request: Request, path: str) -> Response:
        wish = request.get_json()
        if wish.get("key") != self.KEY:
            return self._error("Invalid_Key")
        if wish.get("subaccount") not in (None, *self.SUBACCOUNTS):
            return self._error("Unknown_Subaccount")
        if path == "/api/1.0/rejects/list":
            return reply(200, self._found(wish)[:1000])
        if path == "/api/1.0/rejects/delete":
            return self._delete(wish)
        return self._error("Unknown_Method")

    def _found(self, wish: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            row
            for row in self.rows
            if wish.get("email", "").lower() in row["email"].lower()
            and wish.get("subaccount") in (None, row.get("subaccount"))
            and (wish.get("include_expired") or not row.get("expired"))
        ]

    def _delete(self, wish: dict[str, Any]) -> Response:
        email, subaccount = wish.get("email") or "", wish.get("subaccount")
        if not email:
            return self._error("ValidationError")
        gone = [
            row
            for row in self.rows
            if row["email"].lower() == email.lower() and row.get("subaccount") == subaccount
        ]
        if not gone and self.errs:
            return self._error("Invalid_Reject")
        self.rows = [row for row in self.rows if row not in gone]
        return reply(200, {"email": email, "deleted": bool(gone), "subaccount": subaccount})

    def _error(self, name: str) -> Response:
        return reply(self.status, {"status": "error", "code": -1, "name": name, "message": name})
