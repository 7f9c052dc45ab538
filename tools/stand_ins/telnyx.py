"""Telnyx's opt-outs.

A row: ``{"from": our number, "to": the person's, "keyword": "STOP", "messaging_profile_id": ...,
"created_at": "2026-09-21 14:13:20.000000+00:00"}``. As at Telnyx nothing finds one by the person's
number, and nothing removes one. Numbers are masked unless a call asks for them.
"""

from datetime import datetime
from typing import Any

from werkzeug.wrappers import Request, Response

from tools.stand_ins.stand_in import StandIn, reply

_PAGE, _LARGEST_PAGE = 20, 250


class List(StandIn):
    """It is read only."""

    def answer(self, request: Request, path: str) -> Response:
        if request.headers.get("authorization") != f"Bearer {self.KEY}":
            return reply(401, {"errors": [{"code": "10009", "title": "Authentication failed"}]})
        if (request.method, path) != ("GET", "/v2/messaging_optouts"):
            return reply(404, {"errors": [{"code": "10005", "title": "Resource not found"}]})
        asked = request.args
        rows = [row for row in self.rows if _asked_for(row, asked)]
        number = int(asked.get("page[number]", 1))
        size = min(int(asked.get("page[size]", _PAGE)), _LARGEST_PAGE)
        shown = rows[(number - 1) * size : number * size]
        if asked.get("redaction_enabled") != "false":
            shown = [row | {"to": f"{row['to'][:-4]}****"} for row in shown]
        meta = {"page_number": number, "page_size": size, "total_results": len(rows)}
        return reply(200, {"data": shown, "meta": meta | {"total_pages": -(-len(rows) // size)}})


def _asked_for(row: dict[str, Any], asked: Any) -> bool:
    profile, sender = asked.get("filter[messaging_profile_id]"), asked.get("filter[from]")
    since, until = asked.get("created_at[gte]"), asked.get("created_at[lte]")
    at = datetime.fromisoformat(row["created_at"])
    return (
        profile in (None, row["messaging_profile_id"])
        and sender in (None, row["from"])
        and (since is None or at >= datetime.fromisoformat(since))
        and (until is None or at <= datetime.fromisoformat(until))
    )
