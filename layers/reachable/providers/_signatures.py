"""Proofs that a webhook comes from its provider: each raises BadSignature, and nothing else.

What a stranger sends decides nothing here but that: a header that is missing, no base64, no number or in no
charset is a bad signature, never an exception. All secrets are compared in constant time, and every secret
that counts is tried. A scheme that only one provider has lives in that provider's file.
"""

import base64
import binascii
import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Literal

from reachable.model.errors import BadSignature
from reachable.providers._webhook import Secrets, WebhookRequest

type Algorithm = Literal["sha1", "sha256"]
"""SHA-1 within HMAC is what Twilio and Mandrill sign with."""


def any_secret(secrets: Secrets, proves: Callable[[str], bool]) -> None:
    """Newest first, does any secret prove it."""
    proving = [secret for secret in secrets.values if proves(secret)]  # all are tried: time tells nothing
    if not proving:
        raise BadSignature("No secret matches.")


def header(request: WebhookRequest, name: str) -> str:
    """A header that must be there; ``name`` in lower case."""
    value = request.headers.get(name)
    if not value:
        raise BadSignature(f"The header {name} is missing.")
    return value


def same(expected: str, given: str) -> bool:
    """Whether two texts are the same, in a time that tells nothing."""
    return hmac.compare_digest(
        expected.encode("utf-8", "surrogatepass"), given.encode("utf-8", "surrogatepass")
    )


def hmac_base64(algorithm: Algorithm, key: str | bytes, message: bytes) -> str:
    """HMAC of ``sha1`` or ``sha256`` in base64."""
    return base64.b64encode(_hmac(algorithm, key, message)).decode()


def hmac_hex(algorithm: Algorithm, key: str | bytes, message: bytes) -> str:
    """HMAC of ``sha1`` or ``sha256`` in lower-case hexadecimal."""
    return _hmac(algorithm, key, message).hex()


def _hmac(algorithm: Algorithm, key: str | bytes, message: bytes) -> bytes:
    return hmac.digest(key.encode() if isinstance(key, str) else key, message, algorithm)


def decoded(text: str) -> bytes:
    """The bytes of a base64 text."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise BadSignature("No base64.") from problem


def fresh(seconds: str, now: datetime, window: timedelta) -> None:
    """A time told in seconds since 1970 must lie within ``window`` of now, before or after: no replays."""
    try:
        told = datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError) as problem:
        raise BadSignature("No time.") from problem
    if abs(now - told) > window:
        raise BadSignature("The time is too far from now.")


def basic_auth(request: WebhookRequest, secrets: Secrets) -> None:
    """Basic auth (RFC 7617), as it is set in the webhook's URL; a secret is ``username:password``."""
    scheme, _, credentials = header(request, "authorization").partition(" ")
    if scheme.lower() != "basic":
        raise BadSignature("No basic auth.")
    try:
        given = decoded(credentials.strip()).decode()
    except UnicodeDecodeError as problem:
        raise BadSignature("Not UTF-8.") from problem
    any_secret(secrets, lambda secret: same(secret, given))


def secret_header(request: WebhookRequest, secrets: Secrets) -> None:
    """A header of our own choosing with a secret value; a secret is ``Header-Name: value``."""

    def proves(secret: str) -> bool:
        name, _, value = secret.partition(": ")
        return bool(value) and same(value, request.headers.get(name.lower(), ""))

    any_secret(secrets, proves)


def basic_auth_or_secret_header(request: WebhookRequest, secrets: Secrets) -> None:
    """Whichever of the two was set up: for providers that sign nothing."""
    if "authorization" in request.headers:
        basic_auth(request, secrets)
    else:
        secret_header(request, secrets)


def networks(request: WebhookRequest, secrets: Secrets) -> None:
    """The call must come from one of the provider's networks, where some are set."""
    if not secrets.networks:
        return
    try:
        source = ip_address(request.source_ip or "")
    except ValueError as problem:
        raise BadSignature("The source is no address.") from problem
    if not any(source in network for network in secrets.networks):
        raise BadSignature("The source is in no network of the provider.")
