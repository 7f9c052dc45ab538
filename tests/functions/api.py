"""Calls of the API's functions as API Gateway makes them (payload format 2.0)."""

import importlib.util
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.functions import tokens
from tests.functions.district import Context

type Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


@dataclass(frozen=True)
class Answer:
    """What a function answered."""

    status: int
    headers: Mapping[str, str]
    body: Any


def call(
    handler: Handler,
    method: str,
    path: str,
    claims: Mapping[str, Any],
    body: object = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """One call with a token of these claims; ``body`` is sent as JSON, a str as it is."""
    claims = {"sub": "client"} | dict(claims)
    event = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": urlencode(query or {}),
        "headers": {"content-type": "application/json", "authorization": tokens.bearer(claims)}
        | dict(headers or {}),
        "queryStringParameters": dict(query or {}),
        "requestContext": {
            "http": {"method": method, "path": path, "sourceIp": "192.0.2.1"},
            "authorizer": tokens.as_the_gateway_tells(claims),
            "stage": "$default",
        },
        "body": body if isinstance(body, str) or body is None else json.dumps(body),
        "isBase64Encoded": False,
    }
    return _answer(handler(event, Context()))


def invoke(
    handler: Handler,
    route: str,
    *,
    by: str = "maria@ops",
    **told: Any,
) -> Answer:
    """A direct invoke of a route, by somebody with IAM's leave."""
    return _answer(handler({"as": by, "route": route} | told, Context()))


def _answer(answer: Mapping[str, Any]) -> Answer:
    told = {name.lower(): value for name, value in answer.get("headers", {}).items()}
    for name, values in answer.get("multiValueHeaders", {}).items():
        told[name.lower()] = values[0]
    return Answer(answer["statusCode"], told, json.loads(answer["body"]) if answer.get("body") else None)


@cache
def another_process(function: str) -> Handler:
    """The handler of a function in a process of its own, as far as its module goes."""
    path = Path("functions") / function / "app.py"
    spec = importlib.util.spec_from_file_location(f"another_{function}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    handler: Handler = module.handler
    return handler
