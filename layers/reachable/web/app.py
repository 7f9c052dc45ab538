"""The resolver that the API's functions share: validation, problem+json, and what it logs.

Validation speaks OpenAPI: the document is generated from the same routes (tools/openapi.py).
"""

import json
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

import orjson
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import (
    RequestUnsupportedContentType,
    RequestValidationError,
)
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

from reachable import aws
from reachable.log import Event, logger
from reachable.model.details import Detail
from reachable.model.errors import ReachableError, TooLarge
from reachable.web import direct, door, problem

BODY_LIMIT: Final = 4 * 1024 * 1024
"""Characters of a body. Lambda takes 6 MB, in which a quotation mark counts twice."""
_BODY: Final = "body"
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


def resolver() -> APIGatewayHttpResolver:
    """A resolver with our answers to errors, in the caller's language."""
    app = APIGatewayHttpResolver(
        enable_validation=True,
        serializer=_serialize,
        json_body_deserializer=_deserialize,
    )
    app.exception_handler(ReachableError)(partial(_of_ours, app))
    app.exception_handler(RequestValidationError)(partial(_of_shape, app))
    app.exception_handler([BotoCoreError, ClientError])(partial(_of_aws, app))
    app.exception_handler(UnicodeDecodeError)(partial(_of_bytes, app))
    app.exception_handler(RequestUnsupportedContentType)(partial(_of_content_type, app))
    app.not_found(partial(_of_route, app))
    return app


def answer(app: APIGatewayHttpResolver, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one call of the API, or a direct invoke of one of its routes.

    No answer is kept by a browser or a proxy (RFC 9111): nearly each has somebody's data in it.
    """
    answered = _answer(app, event, context)
    return answered | {"headers": answered["headers"] | {"cache-control": "no-store"}}


def _answer(app: APIGatewayHttpResolver, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    if direct.is_direct(event):
        try:
            event = direct.http_event(event)
        except ValidationError as error:
            return problem.answer(
                HTTPStatus.BAD_REQUEST, problem.in_words(Detail.WRONG_SHAPE), _places(error)
            )
    else:
        event["requestContext"].pop("operator", None)  # who has no name in ``as`` is none
    if len(event.get("body") or "") > BODY_LIMIT:
        headers = {name.lower(): value for name, value in event["headers"].items()}
        return problem.of_error(TooLarge(Detail.BODY_TOO_LARGE), headers.get("accept-language", ""))
    return app.resolve(event, context)


def _deserialize(body: str) -> Any:
    """JSON as Python reads it: half a character concerns one message, and what is nested too deep is none."""
    try:
        return json.loads(body)
    except RecursionError:
        raise json.JSONDecodeError("nested too deep", "", 0) from None


def _serialize(value: Any) -> str:
    return orjson.dumps(value).decode()


def _response(answer: Mapping[str, Any]) -> Response[str]:
    return Response(
        status_code=answer["statusCode"],
        content_type=problem.CONTENT_TYPE,
        headers=answer["headers"],
        body=answer["body"],
    )


def _of_ours(app: APIGatewayHttpResolver, error: ReachableError) -> Response[str]:
    return _response(problem.of_error(error, _language(app)))


def _of_route(app: APIGatewayHttpResolver, _: NotFoundError) -> Response[str]:
    return _response(problem.answer(HTTPStatus.NOT_FOUND, _said(Detail.NO_SUCH_ROUTE, app)))


def _of_aws(app: APIGatewayHttpResolver, error: Exception) -> Response[str]:
    """Nothing of the error's text is logged: a failed call can hold what was asked for."""
    code = aws.code_of(error)
    logger.error(Event.REQUEST_FAILED, error=type(error).__name__, code=code)
    return _response(problem.answer(HTTPStatus.SERVICE_UNAVAILABLE, _said(Detail.NO_ANSWER, app)))


def _of_shape(app: APIGatewayHttpResolver, error: RequestValidationError) -> Response[str]:
    """400 with a JSON pointer (RFC 6901) to each place; what stands there is not repeated."""
    details = _places(error, {"json_invalid": _said(Detail.NO_JSON, app)})
    return _who_may(app, problem.answer(HTTPStatus.BAD_REQUEST, _said(Detail.WRONG_SHAPE, app), details))


def _of_bytes(app: APIGatewayHttpResolver, _: UnicodeDecodeError) -> Response[str]:
    return _who_may(app, problem.answer(HTTPStatus.BAD_REQUEST, _said(Detail.NO_JSON, app)))


def _of_content_type(app: APIGatewayHttpResolver, _: RequestUnsupportedContentType) -> Response[str]:
    return _who_may(app, problem.answer(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, _said(Detail.NO_JSON, app)))


def _who_may(app: APIGatewayHttpResolver, answer: Mapping[str, Any]) -> Response[str]:
    """What is wrong with a request is told to whom the door lets in alone."""
    try:
        door.ask(app)
    except ReachableError as error:
        return _of_ours(app, error)
    except (BotoCoreError, ClientError) as error:
        return _of_aws(app, error)
    return _response(answer)


def _places(
    error: RequestValidationError | ValidationError, words: Mapping[str, str] = _NONE
) -> list[dict[str, str]]:
    return [
        {"pointer": _pointer(problem["loc"]), "detail": words.get(problem["type"], str(problem["msg"]))}
        for problem in error.errors()
    ]


def _said(detail: Detail, app: APIGatewayHttpResolver) -> str:
    return problem.in_words(detail, _language(app))


def _language(app: APIGatewayHttpResolver) -> str:
    return app.current_event.headers.get("accept-language", "")


def _pointer(location: tuple[str | int, ...]) -> str:
    parts = location[1:] if location and location[0] == _BODY else location
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)
