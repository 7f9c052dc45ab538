"""Lists as files: who asks with ``Accept: text/csv`` gets a CSV, with a link to the next where it is long."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse
from pydantic import BaseModel

from reachable import words

_CSV: Final = "text/csv"
_JSON: Final = frozenset({"application/json", "application/*", "*/*"})


def is_asked(accept: str) -> bool:
    """Whether a CSV is preferred to JSON (RFC 9110, 12.5.1); who asks for nothing gets JSON."""
    qualities = dict(map(_range, accept.split(",")))
    csv = qualities.get(_CSV, qualities.get("text/*", 0.0))
    return csv > 0 and csv >= max((qualities.get(media, 0.0) for media in _JSON), default=0.0)


def responses(model: type[BaseModel]) -> dict[int, OpenAPIResponse]:
    """How a route is described that answers both: a handler of either kind of answer tells no one model."""
    return {
        200: {
            "description": "Successful Response",
            "content": {"application/json": {"model": model}, _CSV: {"schema": {"type": "string"}}},
        }
    }


def _range(told: str) -> tuple[str, float]:
    media, *parameters = (part.strip() for part in told.lower().split(";"))
    given = next((part.removeprefix("q=") for part in parameters if part.startswith("q=")), "1")
    try:
        return media, float(given)
    except ValueError:
        return media, 0.0


def answer(
    columns: Sequence[str], rows: Iterable[Mapping[str, object]], name: str, next_query: Mapping[str, str]
) -> Response[Any]:
    """The file; ``next_query`` asks for the rest, if there is any, in a Link (RFC 8288)."""
    headers: dict[str, str | list[str]] = {
        "content-disposition": f'attachment; filename="{name}.csv"',
        "vary": "accept, accept-language",
    }
    if next_query:
        headers["link"] = f'<?{urlencode(next_query)}>; rel="next"'
    text = words.as_csv(columns, rows).decode()
    return Response(200, f"{_CSV}; charset=utf-8", text, headers=headers)
