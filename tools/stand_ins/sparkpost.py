"""SparkPost's suppression list.

A row: ``{"recipient": ..., "type": "transactional", "source": "Bounce Rule", "description": ...,
"created": "2026-09-21T14:13:20+00:00"}``; ``list_id`` where it is of one mailing list, ``subaccount_id``
where it is a subaccount's.
"""

from typing import Any

from werkzeug.wrappers import Request, Response

from tools.stand_ins.stand_in import StandIn, reply

_PATH = "/api/v1/suppression-list"
_MOST = 10_000


class List(StandIn):
    """Without the header for the subaccount a read is an old one: what was removed is there still.

    ``old`` are those. A DELETE takes off all that its type and ``list_id`` leave open.
    """

    def __init__(self) -> None:
        super().__init__()
        self.old: list[dict[str, Any]] = []

    def answer(self, request: Request, path: str) -> Response:
        if request.headers.get("authorization") != self.KEY:
            return _error(401, "Unauthorized.")
        rows = self._seen(request.headers.get("x-msys-subaccount"))
        if path == _PATH:
            return self._all(request, rows)
        recipient = path.removeprefix(f"{_PATH}/")
        found = [row for row in rows if row["recipient"].lower() == recipient.lower()]
        if request.method == "DELETE":
            return self._delete(request, found)
        return reply(200, _page(found)) if found else _error(404, "Recipient could not be found")

    def _seen(self, subaccount: str | None) -> list[dict[str, Any]]:
        if subaccount is None:
            return self.rows + self.old
        return [row for row in self.rows if str(row.get("subaccount_id", "0")) == subaccount]

    def _delete(self, request: Request, found: list[dict[str, Any]]) -> Response:
        type_ = (request.get_json(silent=True) or {}).get("type")
        mailing_list = request.args.get("list_id")
        gone = [
            row
            for row in found
            if type_ in (None, row["type"]) and mailing_list in (None, row.get("list_id", ""))
        ]
        if not gone:
            return _error(404, "Recipient could not be found")
        if any(row["source"] == "Compliance" for row in gone):
            return _error(403, "Recipient could not be removed - Compliance")
        self.rows = [row for row in self.rows if row not in gone]
        self.old += gone
        return reply(204)

    def _all(self, request: Request, rows: list[dict[str, Any]]) -> Response:
        cursor, size = request.args.get("cursor", "initial"), int(request.args.get("per_page", 1000))
        if not 1 <= size <= _MOST:
            return _error(400, "per_page must be between 1 and 10000")
        start = 0 if cursor == "initial" else int(cursor.removeprefix("from+"))
        answer = _page(rows[start : start + size])
        if start + size < len(rows):
            # Encoded as in its own links: the cursor is "from+1000".
            link = f"{_PATH}?per_page={size}&cursor=from%2B{start + size}"
            answer["links"] = [{"href": _PATH, "rel": "first"}, {"href": link, "rel": "next"}]
        return reply(200, answer)


def _page(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"results": rows, "links": [], "total_count": len(rows)}


def _error(status: int, message: str) -> Response:
    return reply(status, {"errors": [{"message": message}]})
