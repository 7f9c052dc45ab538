"""What a verified token says of who asks.

The gateway's authorizer has checked signature, issuer, audience and time, and hands over the token's claims
as texts: a list of groups as ``[teacher Front Office]``, in which nobody can tell two groups from one. So
what counts is read from the token itself, and only where the gateway vouches for this very token. Cognito is
the default issuer; another one's claims are named by environment variables.
Of a direct invoke it is what IAM stands for.
"""

import base64
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from reachable import settings
from reachable.model import addresses
from reachable.model.credential import Credential
from reachable.model.details import Detail
from reachable.model.errors import Forbidden, InvalidAddress
from reachable.model.people import RosterKind, id_of
from reachable.model.viewer import Token, TokenRole
from reachable.rules import permissions


def _role_of_group(pair: str) -> tuple[str, TokenRole]:
    group, _, role = pair.rpartition("=")  # a directory's group may have a = in its name
    return group, TokenRole(role)


_USER_ID: Final = settings.optional("USER_ID_CLAIM", "")
_EMAIL: Final = settings.optional("EMAIL_CLAIM", "email")
_EMAIL_VERIFIED: Final = settings.optional("EMAIL_VERIFIED_CLAIM", "email_verified")
_PHONE: Final = settings.optional("PHONE_CLAIM", "phone_number")
_PHONE_VERIFIED: Final = settings.optional("PHONE_VERIFIED_CLAIM", "phone_number_verified")
_AUTH_TIME: Final = settings.optional("AUTH_TIME_CLAIM", "auth_time")
_GROUPS: Final = settings.optional("GROUPS_CLAIM", "cognito:groups")
_ACCESS_TOKEN: Final = settings.optional("ACCESS_TOKEN_CLAIM", "token_use=access")
"""What tells an access token where ``token_use`` does not: a claim, or a claim and its value."""
_ROLE_GROUPS: Final[Mapping[str, TokenRole]] = dict(
    [*((role.value, role) for role in TokenRole), *settings.each("ROLE_GROUPS", _role_of_group)]
)
"""The issuer's group names by what they mean here: ``ROLE_GROUPS="Office=school_staff,IT=user_manager"``."""


_VOUCHED: Final = ("iss", "sub", "jti")
"""Claims that are texts, which the gateway hands over as they are: whose token it is, and which one."""
_BEARER: Final = re.compile(r"(?:bearer +)?[\w-]+\.([\w-]+)\.[\w-]+", re.ASCII | re.IGNORECASE)
"""A signed JWT in compact form (RFC 7515), alone: two headers arrive as one, with a comma between them."""


def token(event: Mapping[str, Any]) -> Token:
    """The token of an HTTP API's event, or what stands for it in a direct invoke.

    Raises:
        Forbidden: there is none, it is not the one that the gateway has verified, or it is no access token.
    """
    context = event.get("requestContext", {})
    if "operator" in context:
        return _operator(context["operator"])
    claims = _claims(event)
    if not _is_access_token(claims):
        raise Forbidden(Detail.NO_ACCESS_TOKEN)
    return Token(
        subject=claims["sub"],
        roles=_roles(claims.get(_GROUPS)),
        scopes=_scopes(claims.get("scope")) | _scopes(claims.get("scp")),
        user_id=_user_id(claims.get(_USER_ID)) if _USER_ID else None,
        credentials=_proven(claims),
        signed_in_at=_time(claims.get(_AUTH_TIME)),
    )


def _operator(name: str) -> Token:
    """Whom IAM let invoke a function, by the name that they give; a gateway puts no such key there."""
    return Token(
        subject=f"aws:{name}",
        roles=permissions.OPERATOR,
        scopes=frozenset({permissions.SENDS_SCOPE}),
        is_operator=True,
    )


def _claims(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the token in the request says, as its issuer wrote it, once the gateway vouches for it.

    It is not verified here: the gateway's claims are those of the token that it has verified.
    """
    match event:
        case {"requestContext": {"authorizer": {"jwt": {"claims": {"sub": str(sub)} as vouched}}}} if sub:
            claims = _payload(event.get("headers") or {})
        case _:
            raise Forbidden(Detail.NO_ACCESS_TOKEN)
    if any(claims.get(name) != vouched.get(name) for name in _VOUCHED):
        raise Forbidden(Detail.NO_ACCESS_TOKEN)
    return claims


def _payload(headers: Mapping[str, str]) -> Mapping[str, Any]:
    """The middle part of the bearer token (RFC 7519).

    No library: PyJWT brings cryptography, 60 ms of a cold start, and there is nothing here to verify.
    """
    tokens = [value for name, value in headers.items() if name.lower() == "authorization"]
    found = _BEARER.fullmatch(tokens[0]) if len(tokens) == 1 else None
    if found is None:
        raise Forbidden(Detail.NO_ACCESS_TOKEN)
    text = found[1]
    try:
        payload = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        raise Forbidden(Detail.NO_ACCESS_TOKEN) from None
    if not isinstance(payload, dict):
        raise Forbidden(Detail.NO_ACCESS_TOKEN)
    return payload


def _is_access_token(claims: Mapping[str, Any]) -> bool:
    """By ``token_use`` where the issuer sets it, as Cognito does; else by what the deployment names."""
    match claims:
        case {"token_use": use}:
            return bool(use == "access")
        case _:
            name, _, value = _ACCESS_TOKEN.partition("=")
            told = claims.get(name)
            return bool(told) if not value else told == value or (isinstance(told, list) and value in told)


def _user_id(sourced_id: object) -> str | None:
    """The account whose OneRoster ``sourcedId`` the issuer names."""
    return id_of(RosterKind.USER, str(sourced_id)) if sourced_id else None


def _roles(groups: object) -> frozenset[TokenRole]:
    """Of a list of names; one name alone is what some issuers (AD FS) write for a list of one."""
    named = groups if isinstance(groups, list) else [groups]
    return frozenset(
        _ROLE_GROUPS[group] for group in named if isinstance(group, str) and group in _ROLE_GROUPS
    )


def _scopes(told: object) -> frozenset[str]:
    """Of a text with spaces between them (RFC 8693), or of a list."""
    match told:
        case str():
            return frozenset(told.split())
        case list():
            return frozenset(scope for scope in told if isinstance(scope, str))
        case _:
            return frozenset()


def _proven(claims: Mapping[str, Any]) -> tuple[Credential, ...]:
    """Only what the issuer has verified proves anything."""
    found: list[Credential] = []
    try:
        if _true(claims.get(_EMAIL_VERIFIED)) and claims.get(_EMAIL):
            found.append(addresses.email(str(claims[_EMAIL])))
        if _true(claims.get(_PHONE_VERIFIED)) and claims.get(_PHONE):
            found.append(addresses.phone(str(claims[_PHONE]), settings.text("DEFAULT_REGION")))
    except InvalidAddress:
        raise Forbidden(Detail.UNREADABLE_CLAIM) from None
    return tuple(found)


def _time(told: object) -> datetime | None:
    """Of seconds since 1970 (NumericDate, RFC 7519); None of what is no time."""
    if isinstance(told, bool) or not isinstance(told, int | float):
        return None
    try:
        return datetime.fromtimestamp(told, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _true(claim: object) -> bool:
    return claim is True or str(claim).lower() == "true"
