"""The resolver that the API's functions share: validation, problem+json, and what it logs.

Validation speaks OpenAPI: the document is generated from the same routes (tools/openapi.py).
"""

from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from typing import Any, Final

import orjson
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from botocore.exceptions import BotoCoreError, ClientError

from reachable.log import Event, logger
from reachable.model.details import Detail
from reachable.model.errors import ReachableError
from reachable.web import problem

_BODY: Final = "body"


def resolver() -> APIGatewayHttpResolver:
    """A resolver with our answers to errors, in the caller's language."""
    app = APIGatewayHttpResolver(enable_validation=True, serializer=_serialize)
    app.exception_handler(ReachableError)(partial(_of_ours, app))
    app.exception_handler(RequestValidationError)(partial(_of_shape, app))
    app.exception_handler([BotoCoreError, ClientError])(partial(_of_aws, app))
    app.not_found(partial(_of_route, app))
    return app


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
    code = error.response["Error"].get("Code") if isinstance(error, ClientError) else None
    logger.error(Event.REQUEST_FAILED, error=type(error).__name__, code=code)
    return _response(problem.answer(HTTPStatus.SERVICE_UNAVAILABLE, _said(Detail.NO_ANSWER, app)))


def _of_shape(app: APIGatewayHttpResolver, error: RequestValidationError) -> Response[str]:
    """400 with a JSON pointer (RFC 6901) to each place; what stands there is not repeated."""
    details = [
        {
            "pointer": _pointer(one["loc"]),
            "detail": _said(Detail.NO_JSON, app) if one["type"] == "json_invalid" else str(one["msg"]),
        }
        for one in error.errors()
    ]
    return _response(problem.answer(HTTPStatus.BAD_REQUEST, _said(Detail.WRONG_SHAPE, app), details))


def _said(detail: Detail, app: APIGatewayHttpResolver) -> str:
    return problem.in_words(detail, _language(app))


def _language(app: APIGatewayHttpResolver) -> str:
    return app.current_event.headers.get("accept-language", "")


def _pointer(location: tuple[str | int, ...]) -> str:
    parts = location[1:] if location and location[0] == _BODY else location
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)
