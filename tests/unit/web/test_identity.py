"""What a verified token says of who asks."""

from typing import Any

import pytest

from reachable.model.errors import Forbidden
from reachable.model.viewer import TokenRole
from reachable.web import identity


def event(**claims: Any) -> dict[str, Any]:
    told = {"sub": "1", "token_use": "access"} | claims
    return {"requestContext": {"authorizer": {"jwt": {"claims": told}}}}


def test_an_id_token_is_refused() -> None:
    with pytest.raises(Forbidden):
        identity.token(event(token_use="id"))


@pytest.mark.parametrize(
    "groups",
    [
        "[user_manager teacher]",
        ["user_manager", "teacher"],
        "user_manager,teacher",
        '["user_manager","teacher"]',
    ],
)
def test_groups_become_roles_however_they_are_spelled(groups: object) -> None:
    found = identity.token(event(**{"cognito:groups": groups}))
    assert found.roles == {TokenRole.USER_MANAGER, TokenRole.TEACHER}


def test_groups_that_mean_nothing_here_give_no_role() -> None:
    assert identity.token(event(**{"cognito:groups": "[chess_club]"})).roles == frozenset()
    assert identity.token(event()).roles == frozenset()


def test_a_token_proves_only_what_it_carries_as_verified() -> None:
    told = {"email": "Ada@Example.org", "phone_number": "+12025550123", "phone_number_verified": "false"}
    assert [str(c) for c in identity.token(event(email_verified="true", **told)).credentials] == [
        "email:ada@example.org"
    ]
    assert identity.token(event(**told)).credentials == ()


def test_a_claim_that_is_not_there_proves_nothing() -> None:
    """Some issuers say that an address is verified and leave it out."""
    assert identity.token(event(email_verified=True)).credentials == ()
    assert identity.token(event(phone_number_verified="true")).credentials == ()
    assert identity.token(event(email_verified=True, email="")).credentials == ()


def test_a_machine_needs_its_scope() -> None:
    assert identity.machine(event(scope="reachable/sends")).scopes == {"reachable/sends"}
    with pytest.raises(Forbidden):
        identity.machine(event(scope="openid"))
