"""Errors as RFC 9457 problem documents: one table from our errors to status and title."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import orjson

from reachable.model import errors

if TYPE_CHECKING:
    from reachable.model.details import Detail

CONTENT_TYPE: Final = "application/problem+json"
RETRY_AFTER_SECONDS: Final = 5

_NONE: Final[Mapping[str, str]] = MappingProxyType({})

_STATUS: Final[Mapping[type[errors.ReachableError], HTTPStatus]] = {
    errors.BadSignature: HTTPStatus.UNAUTHORIZED,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.UnknownProvider: HTTPStatus.NOT_FOUND,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.Changed: HTTPStatus.PRECONDITION_FAILED,
    errors.TooLarge: HTTPStatus.CONTENT_TOO_LARGE,
    errors.Meaningless: HTTPStatus.UNPROCESSABLE_CONTENT,
    errors.InvalidAddress: HTTPStatus.UNPROCESSABLE_CONTENT,
    errors.TooSoon: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}


def of_error(error: errors.ReachableError, accept_language: str = "") -> dict[str, Any]:
    """The answer to one of our errors, as API Gateway takes it."""
    status = _STATUS[type(error)]
    detail = in_words(error.detail, accept_language, error.values)
    pointer = error.pointer if isinstance(error, errors.Meaningless) else ""
    details = [{"pointer": pointer, "detail": detail}] if pointer else []
    seconds = error.seconds if isinstance(error, errors.TooSoon) else RETRY_AFTER_SECONDS
    return answer(status, detail, details, retry_after_seconds=seconds)


def in_words(detail: "Detail | str", accept_language: str = "", values: Mapping[str, str] = _NONE) -> str:
    """A detail in the first of our languages that the caller takes; what is for programs stays as it is."""
    from reachable.model.details import Detail  # late, as words: what providers are answered needs neither

    if not isinstance(detail, Detail):
        return detail
    from reachable import words

    return words.detail(detail, words.of_accept_language(accept_language), values)


def answer(
    status: HTTPStatus,
    detail: str,
    errors_: Sequence[Mapping[str, str]] = (),
    *,
    retry_after_seconds: int = RETRY_AFTER_SECONDS,
) -> dict[str, Any]:
    """A problem document as an API Gateway answer; when to try again only where that can help."""
    headers = {"content-type": CONTENT_TYPE}
    if status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}:
        headers["retry-after"] = str(retry_after_seconds)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
    }
    if errors_:
        body["errors"] = errors_
    return {"statusCode": status.value, "headers": headers, "body": orjson.dumps(body).decode()}
