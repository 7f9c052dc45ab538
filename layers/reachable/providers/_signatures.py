"""Proofs that a webhook comes from its provider: each raises BadSignature, and nothing else.

What a stranger sends decides nothing here but that: a header that is missing, no base64, no number or in no
charset is a bad signature, never an exception. All secrets are compared in constant time, and every secret
that counts is tried. A scheme that only one provider has lives in that provider's file.
"""

import base64
import binascii
import hashlib
import hmac
import warnings
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any, Literal

from reachable.model.errors import BadSignature
from reachable.providers._webhook import Secrets, WebhookRequest

type Algorithm = Literal["sha1", "sha256"]
"""SHA-1 within HMAC is what Twilio and Mandrill sign with."""

type HmacJwt = Literal["HS256", "HS384", "HS512"]
"""All are of a shared secret: with a public key among them anybody could sign."""


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


def jwt_claims(
    token: str,
    secrets: Secrets,
    now: datetime,
    *,
    algorithms: tuple[HmacJwt, ...] = ("HS256",),
    issuer: str,
    required: tuple[str, ...],
    window: timedelta,
    leeway: timedelta,
) -> Mapping[str, Any]:
    """What a JWT (RFC 7519) says that a secret signed by one of these algorithms: any other is refused.

    It was issued (``iat``, ``nbf``) within ``window``, and is not over (``exp``); ``leeway`` is how far the
    issuer's clock may be from ours. What must be in it is ``required``, the rest only right if it is there.
    """
    # Imported here: it brings cryptography, 160 ms of a cold start, for two providers.
    import jwt

    proven: list[Mapping[str, Any]] = []
    raw = token.encode("utf-8", "surrogatepass")

    def proves(secret: str) -> bool:
        try:
            claims = jwt.decode(
                raw,
                secret.encode("utf-8", "surrogatepass"),
                algorithms=list(algorithms),
                issuer=issuer,
                options={  # its clock is the system's: the times are checked below, by ours
                    "require": ["iss", *required],
                    "verify_iat": False,
                    "verify_nbf": False,
                    "verify_exp": False,
                },
            )
        except jwt.PyJWTError:
            return False
        proven.append(claims)
        return True

    # How long its key is, the provider chooses.
    with warnings.catch_warnings(action="ignore", category=jwt.InsecureKeyLengthWarning):
        any_secret(secrets, proves)
    claims, at = proven[0], now.timestamp()
    oldest, latest = at - window.total_seconds(), at + leeway.total_seconds()
    for name in ("iat", "nbf"):
        if name in claims and not oldest <= _number(claims[name]) <= latest:
            raise BadSignature("The token is too old, or not valid yet.")
    if "exp" in claims and not at - leeway.total_seconds() < _number(claims["exp"]):
        raise BadSignature("The token is over.")
    return claims


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadSignature("No time.")
    return value


def hashed(claims: Mapping[str, Any], name: str, what: bytes) -> None:
    """A claim that must be there is the SHA-256 of what came, in hexadecimal."""
    claim = claims.get(name)
    if not isinstance(claim, str) or not same(hashlib.sha256(what).hexdigest(), claim):
        raise BadSignature(f"The claim {name} is of something else.")


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
