"""SES's suppression list.

A row: ``{"EmailAddress": ..., "Reason": "BOUNCE", "LastUpdateTime": 1700000000}``, on a tenant's list with
a ``"TenantName"``. As on AWS the list and its calls keep the case of the local part (the domain's is folded),
and an address with a slash is answered with 400. Import jobs are only noted: a test does what they would.
"""

from datetime import datetime
from typing import Any

from werkzeug.wrappers import Request, Response

from tools.stand_ins.stand_in import StandIn, is_signed, reply

_ADDRESSES = "/v2/email/suppression/addresses"


class List(StandIn):
    """``jobs`` are the import jobs that were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.jobs: list[dict[str, Any]] = []

    def settings(self) -> dict[str, Any]:
        return {}

    def answer(self, request: Request, path: str) -> Response:
        if not is_signed(request, "ses"):
            return _error(403, "MissingAuthenticationTokenException")
        if path == "/v2/email/import-jobs" and request.method == "POST":
            self.jobs.append(request.get_json())
            return reply(200, {"JobId": f"job-{len(self.jobs)}"})
        if path == _ADDRESSES and request.method == "GET":
            return self._all(request)
        if not path.startswith(f"{_ADDRESSES}/"):
            return _error(404, "NotFoundException")
        return self._one(request, path.removeprefix(f"{_ADDRESSES}/"))

    def _one(self, request: Request, address: str) -> Response:
        if "/" in address:
            return _error(400, "BadRequestException")
        tenant = request.args.get("TenantName")
        found = [row for row in self.rows if row.get("TenantName") == tenant and _same(row, address)]
        if not found:
            return _error(404, "NotFoundException")
        if request.method == "GET":
            return reply(200, {"SuppressedDestination": found[0]})
        self.rows = [row for row in self.rows if row not in found]
        return reply(200, {})

    def _all(self, request: Request) -> Response:
        tenant = request.args.get("TenantName")
        since, until = (_seconds(request.args.get(name)) for name in ("StartDate", "EndDate"))
        rows = [
            row
            for row in self.rows
            if row.get("TenantName") == tenant
            and (since is None or row["LastUpdateTime"] > since)
            and (until is None or row["LastUpdateTime"] < until)
        ]
        start, size = int(request.args.get("NextToken", 0)), int(request.args.get("PageSize", 1000))
        answer: dict[str, Any] = {"SuppressedDestinationSummaries": rows[start : start + size]}
        if start + size < len(rows):
            answer["NextToken"] = str(start + size)
        return reply(200, answer)


def _same(row: dict[str, Any], address: str) -> bool:
    listed, asked = row["EmailAddress"].rpartition("@"), address.rpartition("@")
    return bool(listed[0] == asked[0] and listed[2].lower() == asked[2].lower())


def _seconds(told: str | None) -> float | None:
    return None if told is None else datetime.fromisoformat(told).timestamp()


def _error(status: int, code: str) -> Response:
    answer = reply(status, {"message": code})
    answer.headers["x-amzn-ErrorType"] = code
    return answer
