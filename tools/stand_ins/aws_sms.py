"""End User Messaging's opt-out lists.

A row: ``{"OptOutListName": "Default", "OptedOutNumber": ..., "OptedOutTimestamp": 1790000000,
"EndUserOptedOut": false}``. As on AWS a number that is not listed is an error, as is a list that there
is not (beside ``Default`` those that a row names), and a number that was deleted once is not deleted
again: 30 days never pass here.
"""

import json
from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Request, Response

from tools.stand_ins.stand_in import StandIn, is_signed, reply

_TARGET = "PinpointSMSVoiceV2."


class List(StandIn):
    """``opted_in`` are the lists and numbers that have been deleted."""

    def __init__(self) -> None:
        super().__init__()
        self.opted_in: set[tuple[str, str]] = set()

    def settings(self) -> dict[str, Any]:
        return {}

    def answer(self, request: Request, path: str) -> Response:
        if path != "/" or request.method != "POST":
            return _error("UnknownOperationException")
        if not is_signed(request, "sms-voice"):
            return _error("MissingAuthenticationTokenException")
        asked = json.loads(request.get_data())
        calls: dict[str, Callable[[dict[str, Any]], Response]] = {
            "DescribeOptedOutNumbers": self._describe,
            "DeleteOptedOutNumber": self._delete,
        }
        call = calls.get(request.headers.get("x-amz-target", "").removeprefix(_TARGET))
        if call is None:
            return _error("UnknownOperationException")
        if asked["OptOutListName"] not in {"Default", *(row["OptOutListName"] for row in self.rows)}:
            return _error("ResourceNotFoundException", ResourceType="opt-out-list")
        return call(asked)

    def _of(self, list_: str) -> list[dict[str, Any]]:
        return [row for row in self.rows if row["OptOutListName"] == list_]

    def _describe(self, asked: dict[str, Any]) -> Response:
        rows = self._of(asked["OptOutListName"])
        numbers = asked.get("OptedOutNumbers")
        if numbers:
            found = [row for row in rows if row["OptedOutNumber"] in numbers]
            if len(found) < len(numbers):
                return _error("ResourceNotFoundException", ResourceType="opted-out-number")
            return reply(200, {"OptedOutNumbers": found})
        start, size = int(asked.get("NextToken", 0)), asked.get("MaxResults", 100)
        answer: dict[str, Any] = {"OptedOutNumbers": rows[start : start + size]}
        if start + size < len(rows):
            answer["NextToken"] = str(start + size)
        return reply(200, answer)

    def _delete(self, asked: dict[str, Any]) -> Response:
        list_, number = asked["OptOutListName"], asked["OptedOutNumber"]
        found = [row for row in self._of(list_) if row["OptedOutNumber"] == number]
        if not found:
            return _error("ResourceNotFoundException", ResourceType="opted-out-number")
        if (list_, number) in self.opted_in:
            return _error("ValidationException", Reason="PHONE_NUMBER_CANNOT_BE_OPTED_IN")
        self.opted_in.add((list_, number))
        self.rows = [row for row in self.rows if row not in found]
        return reply(200, {"OptOutListName": list_, "OptedOutNumber": number})


def _error(code: str, **more: str) -> Response:
    return reply(400, {"__type": code, "Message": code, **more})
