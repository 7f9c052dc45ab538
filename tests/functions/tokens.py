"""Bearer tokens, and what API Gateway's JWT authorizer makes of them for a function."""

import base64
import json
from collections.abc import Mapping
from typing import Any


def bearer(claims: Mapping[str, Any]) -> str:
    """An ``authorization`` header with a token of these claims; nobody looks at its signature."""
    parts = ({"alg": "RS256", "kid": "1"}, dict(claims))
    encoded = [_base64url(json.dumps(part).encode()) for part in parts]
    return f"Bearer {'.'.join(encoded)}.{_base64url(b'signature')}"


def as_the_gateway_tells(claims: Mapping[str, Any]) -> dict[str, Any]:
    """``requestContext.authorizer`` for a token that it has verified: every claim as a text."""
    return {"jwt": {"claims": {name: _flat(value) for name, value in claims.items()}, "scopes": None}}


def _flat(value: object) -> str:
    match value:
        case str():
            return value
        case list():
            return f"[{' '.join(map(_flat, value))}]"
        case _:
            return json.dumps(value)


def _base64url(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()
