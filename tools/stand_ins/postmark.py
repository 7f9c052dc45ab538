"""Postmark's suppressions.

A row: ``{"stream": "outbound", "EmailAddress": ..., "SuppressionReason": "HardBounce",
"Origin": "Recipient", "CreatedAt": "2026-09-21T10:13:20-04:00"}``.
"""

import re
from typing import Any

from werkzeug.wrappers import Request, Response

from tools.stand_ins.stand_in import StandIn, reply

_PATH = re.compile(r"/message-streams/([^/]+)/suppressions/(dump|delete)")
_MOST = 50
_LIFTED = (("HardBounce", "Recipient"), ("ManualSuppression", "Customer"))


class List(StandIn):
    """A part of an address finds it. ``Deleted`` is said of an address that was not listed, too."""

    def __init__(self) -> None:
        super().__init__()
        self.streams = {"outbound", "broadcast"}

    def answer(self, request: Request, path: str) -> Response:
        if request.headers.get("X-Postmark-Server-Token") != self.KEY:
            return _error(401, 10)
        if (found := _PATH.fullmatch(path)) is None:
            return _error(404, 1000)
        if found[1] not in self.streams:
            return _error(422, 1226)
        rows = [row for row in self.rows if row["stream"] == found[1]]
        if found[2] == "dump":
            part = request.args.get("EmailAddress", "").lower()
            shown = [_shown(row) for row in rows if part in row["EmailAddress"].lower()]
            return reply(200, {"Suppressions": shown})
        named = [each["EmailAddress"] for each in request.get_json()["Suppressions"]]
        if not 1 <= len(named) <= _MOST or not all(named):
            return _error(422, 1410)
        return reply(200, {"Suppressions": [self._delete(address, rows) for address in named]})

    def _delete(self, address: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
        found = [row for row in rows if row["EmailAddress"].lower() == address.lower()]
        if any((row["SuppressionReason"], row["Origin"]) not in _LIFTED for row in found):
            message = "You do not have the required authority to change this suppression."
            return {"EmailAddress": address, "Status": "Failed", "Message": message}
        self.rows = [row for row in self.rows if row not in found]
        return {"EmailAddress": address, "Status": "Deleted", "Message": None}


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "stream"}


def _error(status: int, code: int) -> Response:
    return reply(status, {"ErrorCode": code, "Message": "..."})
