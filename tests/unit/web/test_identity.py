"""What a token says of who asks, once the gateway vouches for it."""

import base64
import importlib.util
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest

from reachable.model.errors import Forbidden
from reachable.model.viewer import TokenRole
from reachable.web import identity
from tests.functions.tokens import as_the_gateway_tells, bearer

CLAIMS = {"iss": "https://issuer.example", "sub": "1", "jti": "a", "token_use": "access"}


def event(
    headers: Mapping[str, str] | None = None, told: Mapping[str, Any] | None = None, **claims: Any
) -> dict[str, Any]:
    """A call with a token of these claims; one of None is not in it.

    ``headers`` are other ones than its own, ``told`` what the gateway tells of another token.
    """
    named = {{"groups": "cognito:groups"}.get(name, name): value for name, value in claims.items()}
    said = {name: value for name, value in (CLAIMS | named).items() if value is not None}
    return {
        "headers": {"authorization": bearer(said)} if headers is None else dict(headers),
        "requestContext": {"authorizer": as_the_gateway_tells(said if told is None else told)},
    }


def deployed(monkeypatch: pytest.MonkeyPatch, **variables: str) -> ModuleType:
    """The module as a function with these variables imports it."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    spec = importlib.util.find_spec("reachable.web.identity")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# Groups and scopes


@pytest.mark.parametrize(
    ("groups", "roles"),
    [
        (["user_manager", "teacher"], {TokenRole.USER_MANAGER, TokenRole.TEACHER}),
        (["teacher"], {TokenRole.TEACHER}),
        ("teacher", {TokenRole.TEACHER}),  # AD FS's list of one
        ([], set()),
        (None, set()),
        (["chess_club"], set()),
        # Names, of which a part is none
        (["teacher all district staff"], set()),
        (["teacher,district"], set()),
        (["[teacher district]"], set()),
        ("[teacher district]", set()),
        ("teacher district", set()),
        ("teacher,district", set()),
        (['teacher","district'], set()),
        ([" teacher"], set()),
        (["Teacher"], set()),
        # What is no name
        ([None, 1, ["teacher"], {"teacher": 1}, True], set()),
        ({"teacher": True}, set()),
        (1, set()),
    ],
)
def test_a_group_is_a_role_by_its_whole_name(groups: object, roles: set[TokenRole]) -> None:
    assert identity.token(event(groups=groups)).roles == roles


@pytest.mark.parametrize(
    ("groups", "roles"),
    [
        (["Front Office"], {"school_staff"}),
        (["Not Front Office"], set()),
        (["Front", "Office"], set()),
        (["team=IT"], {"user_manager"}),
        (["teacher"], {"teacher"}),
    ],
)
def test_an_issuers_own_names_of_groups_become_roles(
    monkeypatch: pytest.MonkeyPatch, groups: list[str], roles: set[str]
) -> None:
    named = deployed(monkeypatch, ROLE_GROUPS="Front Office=school_staff, team=IT=user_manager")
    assert named.token(event(groups=groups)).roles == roles


@pytest.mark.parametrize(
    ("claims", "scopes"),
    [
        ({"scope": "reachable/sends openid"}, {"reachable/sends", "openid"}),
        ({"scope": ["reachable/sends"]}, {"reachable/sends"}),
        ({"scp": ["reachable/sends", "openid"]}, {"reachable/sends", "openid"}),
        ({"scp": "reachable/sends"}, {"reachable/sends"}),
        ({"scope": ["openid reachable/sends"]}, {"openid reachable/sends"}),
        ({"scope": {"reachable/sends": 1}}, set()),
        ({"scope": [None, 1]}, set()),
        ({}, set()),
    ],
)
def test_scopes_are_a_text_or_a_list(claims: dict[str, Any], scopes: set[str]) -> None:
    assert identity.token(event(**claims)).scopes == scopes


# Whose token it is


@pytest.mark.parametrize(
    "changed", [{"sub": "2"}, {"sub": ""}, {"sub": None}, {"iss": "https://else.example"}, {"jti": "b"}]
)
def test_a_token_counts_where_the_gateway_vouches_for_this_very_one(changed: dict[str, Any]) -> None:
    """``jti`` too: an own token of before, of when one was in the group, is no token of now."""
    forged = CLAIMS | changed | {"cognito:groups": ["district"]}
    header = {"authorization": bearer({name: value for name, value in forged.items() if value is not None})}
    with pytest.raises(Forbidden):
        identity.token(event(header))


@pytest.mark.parametrize("sub", ["", None, 1, ["1"]])
def test_a_token_of_nobody_is_refused(sub: object) -> None:
    with pytest.raises(Forbidden):
        identity.token(event(sub=sub))


@pytest.mark.parametrize(
    "context",
    [
        {},
        {"authorizer": None},
        {"authorizer": {}},
        {"authorizer": {"jwt": None}},
        {"authorizer": {"jwt": {"claims": None}}},
        {"authorizer": {"jwt": {"claims": {}}}},
        {"authorizer": {"lambda": CLAIMS}},
        {"authorizer": {"iam": CLAIMS}},
    ],
)
def test_a_token_that_no_authorizer_has_verified_says_nothing(context: dict[str, Any]) -> None:
    with pytest.raises(Forbidden):
        identity.token(event() | {"requestContext": context})


TOKEN = bearer(CLAIMS)


@pytest.mark.parametrize("header", [TOKEN, TOKEN.removeprefix("Bearer "), TOKEN.replace("Bearer", "bearer")])
def test_the_header_is_what_the_authorizer_takes(header: str) -> None:
    for name in ("authorization", "Authorization"):
        assert identity.token(event({name: header})).subject == "1"


def _of_payload(payload: bytes) -> str:
    return f"Bearer e30.{base64.urlsafe_b64encode(payload).rstrip(b'=').decode()}.c2ln"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": ""},
        {"authorization": "Bearer"},
        {"authorization": f"Basic {TOKEN}"},
        {"authorization": f"{TOKEN},{bearer(CLAIMS | {'cognito:groups': ['district']})}"},  # two headers
        {"authorization": f"{TOKEN}, {TOKEN}"},
        {"authorization": TOKEN, "Authorization": TOKEN},
        {"authorization": TOKEN + "\n"},
        {"authorization": TOKEN + ".c2ln"},
        {"authorization": TOKEN.rpartition(".")[0]},
        {"authorization": TOKEN.rpartition(".")[0] + "."},  # unsigned
        {"authorization": "Bearer e30.e.c2ln"},
        {"authorization": "Bearer e30.!!!!.c2ln"},
        {"authorization": "Bearer e30.ééé.c2ln"},
        {"authorization": _of_payload(b"\xff\xfe")},
        {"authorization": _of_payload(b"{")},
        {"authorization": _of_payload(b"[" * 100_000)},
        {"authorization": _of_payload(b"[1]")},
        {"authorization": _of_payload(b'"sub"')},
        {"authorization": _of_payload(b"null")},
        {"authorization": _of_payload(b"{}")},
        {"x-authorization": TOKEN},
    ],
)
def test_what_is_no_single_token_is_refused_and_nothing_else(headers: dict[str, str]) -> None:
    with pytest.raises(Forbidden):
        identity.token(event(headers, told=CLAIMS))


# What kind of token it is


@pytest.mark.parametrize("token_use", ["id", "refresh", "", "ACCESS", True, ["access"]])
def test_a_token_that_is_for_another_use_is_refused(token_use: object) -> None:
    with pytest.raises(Forbidden):
        identity.token(event(token_use=token_use))


@pytest.mark.parametrize(
    ("setting", "claims", "taken"),
    [
        # Cognito, or nothing was set
        ("token_use=access", {"token_use": "access"}, True),
        ("token_use=access", {}, False),
        ("token_use=access", {"nonce": "x", "aud": "reachable"}, False),
        ("", {}, False),
        # Entra ID, Okta: the scopes
        ("scp", {"scp": "access_as_user"}, True),
        ("scp", {"scp": ["staff"]}, True),
        ("scp", {"aud": "reachable"}, False),
        ("scp", {"scp": ""}, False),
        # Keycloak
        ("typ=Bearer", {"typ": "Bearer"}, True),
        ("typ=Bearer", {"typ": "ID"}, False),
        ("typ=Bearer", {}, False),
        (
            "aud=https://api.example",
            {"aud": ["https://api.example", "https://issuer.example/userinfo"]},
            True,
        ),
        ("aud=https://api.example", {"aud": ["https://api.example.evil.example"]}, False),
        # The audience alone: an issuer whose ID tokens are all that there is
        ("aud", {"aud": "reachable"}, True),
        # What an issuer says itself outranks what was set
        ("aud", {"aud": "reachable", "token_use": "id"}, False),
        ("scp", {"token_use": "access"}, True),
    ],
)
def test_what_tells_an_access_token_of_another_issuer_is_a_parameter(
    monkeypatch: pytest.MonkeyPatch, setting: str, claims: dict[str, Any], taken: bool
) -> None:
    named = deployed(monkeypatch, ACCESS_TOKEN_CLAIM=setting)
    told: dict[str, Any] = {"token_use": None} | claims
    call = event(**told)
    if taken:
        assert named.token(call).subject == "1"
    else:
        with pytest.raises(Forbidden):
            named.token(call)


# What it proves


@pytest.mark.parametrize("verified", ["true", True])
def test_a_token_proves_only_what_it_carries_as_verified(verified: object) -> None:
    told: dict[str, Any] = {
        "email": "Ada@Example.org",
        "phone_number": "+12025550123",
        "phone_number_verified": False,
    }
    assert [str(c) for c in identity.token(event(email_verified=verified, **told)).credentials] == [
        "email:ada@example.org"
    ]
    assert identity.token(event(**told)).credentials == ()


def test_a_claim_that_is_not_there_proves_nothing() -> None:
    """Some issuers say that an address is verified and leave it out."""
    assert identity.token(event(email_verified=True)).credentials == ()
    assert identity.token(event(phone_number_verified="true")).credentials == ()
    assert identity.token(event(email_verified=True, email="")).credentials == ()


@pytest.mark.parametrize("email", [["ada@example.org"], {"a": 1}, "ada", 5])
def test_a_verified_address_that_is_none_is_refused(email: object) -> None:
    with pytest.raises(Forbidden):
        identity.token(event(email=email, email_verified=True))


def test_a_refusal_repeats_nothing_of_the_token() -> None:
    with pytest.raises(Forbidden) as caught:
        identity.token(event({"authorization": _of_payload(json.dumps({"sub": "ada@example.org"}).encode())}))
    assert "ada" not in str(caught.value)


# When somebody signed in


@pytest.mark.parametrize(
    ("told", "at"),
    [
        (1789378200, datetime(2026, 9, 14, 9, 30, tzinfo=UTC)),
        (1789378200.5, datetime(2026, 9, 14, 9, 30, 0, 500_000, tzinfo=UTC)),
        (None, None),
        ("1789378200", None),  # RFC 7519 wants a number
        (True, None),
        ([1789378200], None),
        (1789378200000, None),  # milliseconds: the year 58,672
        (10**30, None),
        (1e300, None),
    ],
)
def test_a_token_tells_when_its_holder_signed_in(told: object, at: datetime | None) -> None:
    assert identity.token(event(auth_time=told, iat=1789381800)).signed_in_at == at


def test_an_issuer_may_tell_it_by_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    named = deployed(monkeypatch, AUTH_TIME_CLAIM="iat")
    at = datetime(2026, 9, 14, 10, 30, tzinfo=UTC)
    assert named.token(event(iat=1789381800)).signed_in_at == at
    assert identity.token(event(iat=1789381800)).signed_in_at is None


# A direct invoke


def test_who_invokes_a_function_directly_has_the_three_roles_and_the_scope() -> None:
    found = identity.token({"requestContext": {"operator": "maria@ops"}})
    assert found.subject == "aws:maria@ops"
    assert found.scopes == {"reachable/sends"}
    assert found.roles == {
        TokenRole.USER_MANAGER,
        TokenRole.ROSTERING_ADMINISTRATOR,
        TokenRole.COMMUNICATIONS_ADMINISTRATOR,
    }


def test_an_issuers_own_claims_say_whose_account_and_addresses_these_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    named = deployed(
        monkeypatch,
        USER_ID_CLAIM="employee",
        EMAIL_CLAIM="mail",
        EMAIL_VERIFIED_CLAIM="mail_ok",
        PHONE_CLAIM="tel",
        PHONE_VERIFIED_CLAIM="tel_ok",
        DEFAULT_REGION="US",
    )
    told: dict[str, Any] = {"mail": "ada@example.org", "mail_ok": True, "tel": "+12025550123", "tel_ok": True}
    found = named.token(event(employee="ada", **told))
    assert found.user_id == "2d0208ff-1851-5e76-aa6c-cbe43b441583"
    assert [str(one) for one in found.credentials] == ["email:ada@example.org", "phone:+12025550123"]
    assert named.token(event(**told)).user_id is None
    assert identity.token(event(employee="ada", **told)).user_id is None


@pytest.mark.parametrize("claims", [{"token_use": "id"}, {"sub": ""}])
def test_who_brings_no_access_token_is_told_so(claims: dict[str, Any]) -> None:
    with pytest.raises(Forbidden) as caught:
        identity.token(event(**claims))
    assert caught.value.detail == "no_access_token"
    with pytest.raises(Forbidden) as caught:
        identity.token(event({}, told=CLAIMS))
    assert caught.value.detail == "no_access_token"
