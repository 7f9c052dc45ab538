"""Whether the providers are heard, and take addresses off their lists."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PHONE, WIDE, Language, Visit
from tools import webhook_posts
from tools.stack import Stack


def _account(provider: str, name: str, **changed: Any) -> dict[str, Any]:
    releases = {
        "released_at": None,
        "refused_at": None,
        "refused_because": None,
        "unknown_at": None,
        "unknown_because": None,
        "waiting": 0,
        "paused_until": None,
        "denied": False,
    } | changed.pop("releases", {})
    told = {
        "provider": provider,
        "account": "default",
        "name": name,
        "webhook": "set_up",
        "upstream": "set_up",
        "heard_at": None,
        "bounced_at": None,
        "releases": releases,
    }
    return told | changed


def _tell(route: Route) -> None:
    """One that is silent, one that refuses our key, one that is well, one that was never used."""
    now = datetime.now(UTC)
    just_now, long_ago = now.isoformat(), (now - timedelta(days=20)).isoformat()
    denied = {"denied": True, "unknown_at": just_now, "unknown_because": "not_set_up", "waiting": 12}
    refused = {"released_at": just_now, "refused_at": long_ago, "refused_because": "start"}
    items = [
        _account("ses", "Amazon SES", webhook="none", heard_at=just_now, releases=refused),
        _account("brevo", "Brevo", heard_at=just_now, releases=denied),
        _account("twilio", "Twilio", heard_at=long_ago, upstream="none"),
        _account("vonage", "Vonage", upstream="none"),
    ]
    route.fulfill(json={"items": items, "next_cursor": None})


@pytest.mark.parametrize(("width", "language"), [(WIDE, "en"), (PHONE, "es")])
def test_what_is_wrong_with_a_provider_comes_first_and_says_what_to_do(
    visit: Visit, accessible: Callable[[Page], None], width: int, language: Language
) -> None:
    page = visit("user_manager", language=language, width=width)
    page.route("**/api/providers", _tell)
    if width == PHONE:
        page.get_by_role("button", name="Menú").click()
    page.get_by_role("link", name="Providers" if language == "en" else "Proveedores").click()
    silent, denied, ill, unused = {
        "en": (
            "Nothing was heard of it for more than a week.",
            "It does not accept Reachable",
            "2 accounts need somebody to look.",
            "Never heard yet",
        ),
        "es": (
            "No ha informado nada en más de una semana.",
            "No acepta la clave de Reachable.",
            "2 cuentas necesitan que alguien las revise.",
            "Aún no han informado",
        ),
    }[language]
    expect(page.get_by_text(ill)).to_be_visible()
    expect(page.get_by_role("region", name="Twilio")).to_contain_text(silent)
    expect(page.get_by_role("region", name="Brevo")).to_contain_text(denied)
    expect(page.get_by_role("region", name="Amazon SES")).to_contain_text("START")
    expect(page.get_by_role("region", name=unused)).to_contain_text("Vonage")
    expect(page.get_by_role("heading", level=2)).to_have_text(["Brevo", "Twilio", "Amazon SES", unused])
    accessible(page)


def test_a_provider_that_has_told_something_is_heard(visit: Visit, stack: Stack) -> None:
    fields = {"MessageStatus": "delivered", "To": "+12025550123", "From": "+12025550100"}
    assert webhook_posts.twilio(stack, fields).status == 200
    staff = stack.token("user_manager")

    def heard() -> bool:
        items = stack.api("GET", "/providers", token=staff).body["items"]
        ours = [one for one in items if (one["provider"], one["account"]) == ("twilio", "default")]
        return any(one["heard_at"] for one in ours)

    stack.wait_until(heard, "Twilio to be heard")
    page = visit("user_manager", path="/providers")
    # Other accounts of it have names that begin alike: "Twilio (play)".
    expect(page.get_by_role("region", name="Twilio", exact=True)).to_contain_text("Is well")


def test_who_may_not_see_the_providers_is_told_so(visit: Visit) -> None:
    page = visit("teacher")
    expect(page.get_by_role("link", name="Providers")).to_have_count(0)
    page = visit("teacher", path="/providers")
    expect(page.get_by_role("alert")).not_to_be_empty()
