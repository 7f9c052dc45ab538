"""What a verified token says: the authorizer has checked signature, issuer, audience and time.

Of a direct invoke, what IAM stands for.

Cognito is the default issuer; another one's claims are named by environment variables. HTTP APIs hand
``cognito:groups`` over as the string ``[user_manager teacher]``.
"""

from collections.abc import Mapping
from typing import Any, Final

from reachable import settings
from reachable.model import addresses
from reachable.model.credential import Credential
from reachable.model.details import Detail
from reachable.model.errors import Forbidden, InvalidAddress
from reachable.model.people import RosterKind, id_of
from reachable.model.viewer import Token, TokenRole
from reachable.rules import permissions


def _role_of_group(pair: str) -> tuple[str, TokenRole]:
    group, _, role = pair.partition("=")
    return group, TokenRole(role)


_USER_ID: Final = settings.optional("USER_ID_CLAIM", "")
_EMAIL: Final = settings.optional("EMAIL_CLAIM", "email")
_EMAIL_VERIFIED: Final = settings.optional("EMAIL_VERIFIED_CLAIM", "email_verified")
_PHONE: Final = settings.optional("PHONE_CLAIM", "phone_number")
_PHONE_VERIFIED: Final = settings.optional("PHONE_VERIFIED_CLAIM", "phone_number_verified")
_GROUPS: Final = settings.optional("GROUPS_CLAIM", "cognito:groups")
_ROLE_GROUPS: Final[Mapping[str, TokenRole]] = dict(
    [*((role.value, role) for role in TokenRole), *settings.each("ROLE_GROUPS", _role_of_group)]
)
"""The issuer's group names by what they mean here: ``ROLE_GROUPS="Office=school_staff,IT=user_manager"``."""


def token(event: Mapping[str, Any]) -> Token:
    """The token of an HTTP API's event, or what stands for it in a direct invoke.

    Raises:
        Forbidden: it is no access token.
    """
    context = event.get("requestContext", {})
    if "operator" in context:
        return _operator(context["operator"])
    claims = context.get("authorizer", {}).get("jwt", {}).get("claims", {})
    if claims.get("token_use", "access") != "access":
        raise Forbidden(Detail.NO_ACCESS_TOKEN)
    return Token(
        subject=str(claims.get("sub", "")),
        roles=_roles(claims.get(_GROUPS)),
        scopes=frozenset(str(claims.get("scope", "")).split()),
        user_id=_user_id(claims.get(_USER_ID)) if _USER_ID else None,
        credentials=_proven(claims),
    )


def _operator(name: str) -> Token:
    """Whom IAM let invoke a function, by the name that they give; a gateway puts no such key there."""
    return Token(
        subject=f"aws:{name}",
        roles=permissions.OPERATOR,
        scopes=frozenset({permissions.SENDS_SCOPE}),
        is_operator=True,
    )


def _user_id(sourced_id: object) -> str | None:
    """The account whose OneRoster ``sourcedId`` the issuer names."""
    return id_of(RosterKind.USER, str(sourced_id)) if sourced_id else None


def _roles(groups: object) -> frozenset[TokenRole]:
    match groups:
        case str():
            named = groups.strip("[]").replace(",", " ").replace('"', " ").split()
        case list() | tuple():
            named = [str(group) for group in groups]
        case _:
            named = []
    return frozenset(_ROLE_GROUPS[group] for group in named if group in _ROLE_GROUPS)


def _proven(claims: Mapping[str, Any]) -> tuple[Credential, ...]:
    """Only what the issuer has verified proves anything."""
    found: list[Credential] = []
    try:
        if _true(claims.get(_EMAIL_VERIFIED)) and claims.get(_EMAIL):
            found.append(addresses.email(str(claims[_EMAIL])))
        if _true(claims.get(_PHONE_VERIFIED)) and claims.get(_PHONE):
            found.append(addresses.phone(str(claims[_PHONE]), settings.text("DEFAULT_REGION")))
    except InvalidAddress as problem:
        raise Forbidden(Detail.UNREADABLE_CLAIM) from problem
    return tuple(found)


def _true(claim: object) -> bool:
    return claim is True or str(claim).lower() == "true"
