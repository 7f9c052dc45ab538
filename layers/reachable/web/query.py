"""The names of a query: a route that acts refuses those that it does not take.

Powertools passes over a parameter that a route does not name. Where somebody has meant it, another act would
be done than was asked for: `POST /imports?dry_run=true`, which means the body's, would import for real.
"""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import ApiGatewayResolver
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError


def known(app: ApiGatewayResolver, next_middleware: NextMiddleware) -> Response[Any]:
    """Go on where the route takes each name of the query, else its shape is wrong. Stands behind the door."""
    taken = {parameter.alias for parameter in app.context["_route"].dependant.query_params}
    strangers = sorted(app.current_event.query_string_parameters.keys() - taken)
    if strangers:
        raise RequestValidationError(
            [
                {"type": "extra_forbidden", "loc": ("query", name), "msg": "Extra inputs are not permitted"}
                for name in strangers
            ]
        )
    return next_middleware(app)
