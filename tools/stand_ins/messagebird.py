"""Bird's SMS suppressions.

A row: ``{"id": "ssu_1", "destination": ..., "originator": ..., "reason": "manual", "effective_at":
"2026-09-21T14:13:20Z"}``. As at Bird only what is ``manual`` can be ended; what has ended answers 204
again, an id that never was 404.
"""

from typing import Any

from werkzeug.wrappers import Request, Response

from tools.stand_ins.stand_in import StandIn, reply

_PATH = "/v1/sms/suppressions"
_PAGE, _LARGEST_PAGE = 25, 100


class List(StandIn):
    """``ended`` are the ids of those that have been."""

    def __init__(self) -> None:
        super().__init__()
        self.ended: set[str] = set()

    def answer(self, request: Request, path: str) -> Response:
        if request.headers.get("authorization") != f"Bearer {self.KEY}":
            return _error(401, "auth_error")
        if request.method == "GET" and path == _PATH:
            return self._page(request)
        if request.method == "DELETE" and path.startswith(f"{_PATH}/"):
            return self._end(path.removeprefix(f"{_PATH}/"))
        return _error(404, "not_found_error")

    def _page(self, request: Request) -> Response:
        asked = request.args
        rows = [
            row
            for row in self.rows
            if all(asked.get(name) in (None, row[name]) for name in ("destination", "originator", "reason"))
        ]
        size = min(int(asked.get("limit", _PAGE)), _LARGEST_PAGE)
        start = int(asked.get("starting_after", "after-0").removeprefix("after-"))
        more: dict[str, Any] = {"prev_cursor": None, "refresh_cursor": None, "next_cursor": None}
        if start + size < len(rows):
            more["next_cursor"] = f"after-{start + size}"
        return reply(200, {"data": rows[start : start + size], **more})

    def _end(self, suppression: str) -> Response:
        found = [row for row in self.rows if row["id"] == suppression]
        if not found:
            return reply(204) if suppression in self.ended else _error(404, "not_found_error")
        if found[0]["reason"] != "manual":
            return _error(422, "precondition_error")
        self.ended.add(suppression)
        self.rows.remove(found[0])
        return reply(204)


def _error(status: int, type_: str) -> Response:
    return reply(status, {"error": {"type": type_, "code": "E01000", "message": type_}})
