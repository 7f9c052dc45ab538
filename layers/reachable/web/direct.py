"""A direct invoke, which IAM guards: it becomes the HTTP event of the same route, so that there is one door.

    {"as": "maria@ops", "route": "POST /users/search", "path": {}, "query": {}, "headers": {}, "body": {}}

``as`` names who asks, for the audit; ``path`` holds what stands in the route's braces. The answer is API
Gateway's own: ``statusCode``, ``headers``, and ``body`` as JSON text.
"""

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field, StringConstraints

from reachable.web.models.fields import Model

_BRACES: Final = re.compile(r"\{([A-Za-z_]+)\}")
_METHOD_AND_PATH: Final = r"^(GET|POST) /[A-Za-z0-9{}_./-]*$"


type Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[\w .,@+=:/'-]+$")
]
"""A name, an address or an ARN: it stands in a key of the audit."""


type Segment = Annotated[str, StringConstraints(pattern=r"^[^/?#]*$", max_length=1000)]
"""What stands in a route's braces: one segment, so that no value makes another route of it."""


class DirectIn(Model):
    """Who asks for which route, and with what."""

    as_: Name = Field(alias="as")
    route: Annotated[str, StringConstraints(pattern=_METHOD_AND_PATH)]
    path: Mapping[str, Segment] = {}
    query: Mapping[str, str] = {}
    headers: Mapping[str, str] = {}
    body: Any = None


def is_direct(event: Mapping[str, Any]) -> bool:
    """Whether an event is no gateway's."""
    return "requestContext" not in event


def http_event(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event of a gateway (payload format 2.0) that asks the same.

    Raises:
        pydantic.ValidationError: it is no direct invoke.
    """
    asked = DirectIn.model_validate(event)
    method, _, template = asked.route.partition(" ")
    path = _BRACES.sub(lambda braces: asked.path.get(braces[1], braces[0]), template)
    body = {} if asked.body is None else {"body": json.dumps(asked.body)}
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": "",
        "queryStringParameters": dict(asked.query),
        "headers": {"content-type": "application/json"}
        | {name.lower(): value for name, value in asked.headers.items()},
        "requestContext": {
            "stage": "$default",
            "http": {"method": method, "path": path},
            "operator": asked.as_,
        },
        "isBase64Encoded": False,
    } | body
