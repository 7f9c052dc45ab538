"""SNS's numbers that have opted out. A row: ``{"phoneNumber": ...}``.

As on AWS a list tells numbers alone, and a number that was opted in once is not opted in again: 30 days
never pass here.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from werkzeug.wrappers import Request, Response

from tools.stand_ins.stand_in import StandIn, is_signed, reply

_PAGE = 100
_NAMES = "http://sns.amazonaws.com/doc/2010-03-31/"


class List(StandIn):
    """``opted_in`` are the numbers that have been."""

    def __init__(self) -> None:
        super().__init__()
        self.opted_in: set[str] = set()

    def settings(self) -> dict[str, Any]:
        return {}

    def answer(self, request: Request, path: str) -> Response:
        if not is_signed(request, "sns"):
            return _error(403, "MissingAuthenticationToken")
        asked = dict(parse_qsl(request.get_data(as_text=True)))
        match path, asked.get("Action"):
            case "/", "CheckIfPhoneNumberIsOptedOut":
                listed = {"phoneNumber": asked["phoneNumber"]} in self.rows
                return _told(asked, f"<isOptedOut>{str(listed).lower()}</isOptedOut>")
            case "/", "ListPhoneNumbersOptedOut":
                return self._all(asked)
            case "/", "OptInPhoneNumber":
                return self._opt_in(asked)
            case _:
                return _error(400, "InvalidAction")

    def _all(self, asked: Mapping[str, str]) -> Response:
        start = int(asked.get("nextToken", 0))
        rows = self.rows[start : start + _PAGE]
        numbers = "".join(f"<member>{escape(row['phoneNumber'])}</member>" for row in rows)
        more = f"<nextToken>{start + _PAGE}</nextToken>" if start + _PAGE < len(self.rows) else ""
        return _told(asked, f"<phoneNumbers>{numbers}</phoneNumbers>{more}")

    def _opt_in(self, asked: Mapping[str, str]) -> Response:
        number = asked["phoneNumber"]
        if number in self.opted_in:
            return _error(400, "InvalidParameter")
        if {"phoneNumber": number} in self.rows:
            self.opted_in.add(number)
            self.rows.remove({"phoneNumber": number})
        return _told(asked, "")


def _told(asked: Mapping[str, str], result: str) -> Response:
    name = asked["Action"]
    return reply(
        200,
        f'<{name}Response xmlns="{_NAMES}"><{name}Result>{result}</{name}Result>'
        f"<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></{name}Response>".encode(),
    )


def error_xml(code: str) -> bytes:
    """An error as SNS writes it."""
    return (
        f'<ErrorResponse xmlns="{_NAMES}"><Error><Type>Sender</Type><Code>{code}</Code>'
        f"<Message>{code}</Message></Error><RequestId>1</RequestId></ErrorResponse>"
    ).encode()


def _error(status: int, code: str) -> Response:
    return reply(status, error_xml(code))
