"""One's own page: what a parent sees of their email and phone on a phone, and what they can do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PHONE, WIDE, Visit, was_said
from tests.stack.people import Person, person
from tools.stack import Stack
from tools.webhook_posts import twilio

BOTH = pytest.mark.parametrize(("width", "language"), [(WIDE, "en"), (PHONE, "es")])


@pytest.fixture
def stopped(stack: Stack) -> Iterator[Person]:
    """The sample guardian, who replied STOP: texts no longer reach them, calls do."""
    with contextmanager(person)(stack, stack.users["guardian"].user_id) as guardian:
        number = guardian.address("phone")
        if guardian.when_bad("phone"):  # a START for nothing could be heard after the STOP
            _texts(stack, number, "START")
            stack.wait_until(lambda: guardian.when_good("phone"))
        _texts(stack, number, "STOP")
        stack.wait_until(lambda: guardian.when_bad("phone"))
        yield guardian
        _texts(stack, number, "START")
        stack.wait_until(lambda: guardian.when_good("phone"))


def _texts(stack: Stack, number: str, word: str) -> None:
    fields = {"From": number, "To": "+12025550100", "Body": word, "OptOutType": word}
    assert twilio(stack, fields).status == 200


@BOTH
def test_a_parent_sees_what_works_what_does_not_and_what_to_do(
    visit: Visit, stopped: Person, accessible: Callable[[Page], None], width: int, language: Any
) -> None:
    page = visit("guardian", path="/me", width=width, language=language)
    texts, calls, start = {
        "en": ("Text message: ✕ does not work", "Phone call: ✓ works", "text START"),
        "es": ("Mensaje de texto: ✕ no funciona", "Llamada telefónica: ✓ funciona", "envíe START"),
    }[language]
    expect(page.get_by_role("listitem").filter(has_text=texts)).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text=calls)).to_be_visible()
    expect(page.get_by_text(start)).to_be_visible()
    accessible(page)


@BOTH
def test_who_is_several_accounts_sees_all_of_them(
    visit: Visit, accessible: Callable[[Page], None], width: int, language: Any
) -> None:
    page = visit("shared_guardian", path="/me", width=width, language=language)
    for name in ("María Delgado", "Maria Ortega", "Rafael Delgado"):
        expect(page.get_by_role("heading", name=name)).to_be_visible()
    accessible(page)


@BOTH
def test_an_invitation_is_accepted_once_and_said_so(
    visit: Visit, stack: Stack, accessible: Callable[[Page], None], width: int, language: Any
) -> None:
    """The acceptance is answered here: a sample login that has accepted cannot be pending again."""
    page = visit("pending_guardian", path="/me", width=width, language=language)
    button, done, active = {
        "en": ("Accept the invitation", "You have accepted the invitation.", "Your account is active."),
        "es": ("Aceptar la invitación", "Usted aceptó la invitación.", "Su cuenta está activa."),
    }[language]
    told = stack.api("GET", "/me", token=stack.token("pending_guardian")).body
    accepted = told | {"accounts": [one | {"account_status": "active"} for one in told["accounts"]]}
    asked: list[Any] = []

    def accept(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        asked.append(route.request.post_data_json)
        route.fulfill(json=accepted)

    page.route("**/api/me", accept)
    accessible(page)
    page.get_by_role("button", name=button).dblclick()
    was_said(page, done)
    expect(page.locator(":focus")).to_contain_text(active)
    expect(page.get_by_role("button", name=button)).to_be_hidden()
    assert asked == [{"user_id": stack.users["pending_guardian"].user_id}]


def test_an_acceptance_that_failed_says_so_and_can_be_repeated(visit: Visit) -> None:
    page = visit("pending_guardian", path="/me")
    problem = {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "No such account."}
    page.route(
        "**/api/me",
        lambda route: (
            route.fulfill(status=404, json=problem) if route.request.method == "POST" else route.fallback()
        ),
    )
    page.get_by_role("button", name="Accept the invitation").click()
    expect(page.get_by_role("alert")).to_contain_text("No such account.")
    expect(page.get_by_role("button", name="Accept the invitation")).to_have_attribute(
        "aria-disabled", "false"
    )


@BOTH
def test_whom_the_district_does_not_know_is_told_what_to_do(
    visit: Visit, accessible: Callable[[Page], None], width: int, language: Any
) -> None:
    """No sample login is unknown, so the API's answer to one is given here."""
    page = visit("guardian", path="/nowhere", width=width, language=language)
    nobody = {
        "accounts": [],
        "actions": [],
        "classes": [],
        "roles": [],
        "schools": [],
        "sees_district": False,
        "viewer": None,
    }
    expect(page.get_by_text("Freja Lindqvist")).to_be_visible()
    page.route("**/api/me", lambda route: route.fulfill(json=nobody))
    other = {"en": "Español", "es": "English"}[language]
    page.get_by_role("button", name=other).click()  # which asks anew
    expect(page.get_by_text("Freja Lindqvist")).to_be_hidden()
    page.get_by_role("link", name="Reachable").click()
    told = {
        "es": "We do not know the email or phone that you signed in with.",
        "en": "No conocemos el correo o teléfono con el que usted inició sesión.",
    }[language]
    expect(page.get_by_text(told)).to_be_visible()
    accessible(page)
