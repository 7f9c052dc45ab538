"""Find a person or a class: one box, by keyboard alone, and nothing of it in an address or a title."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, WIDE, Visit, tell_seconds, was_said
from tests.stack.people import Person, person
from tools.stack import Stack

BOX: Final = {
    "en": "Name, full email or phone, or a class",
    "es": "Nombre, correo o teléfono completo, o una clase",
}
NOTHING: Final = {"en": "Nothing found.", "es": "No se encontró nada."}
BOTH: Final = pytest.mark.parametrize(("width", "language"), [(WIDE, "en"), (PHONE, "es")])


@pytest.fixture
def unreached(stack: Stack) -> Iterator[Person]:
    """Maria Ortega, whom nothing reaches: she has a phone alone, which somebody marked bad."""
    with contextmanager(person)(stack, _found(stack, "maria ortega")["id"]) as maria:
        wish = {"credential": "phone", "note": "Dead."}
        stack.api("POST", f"/users/{maria.user_id}/blocks", wish, maria.staff)
        yield maria


def _found(stack: Stack, q: str) -> dict[str, Any]:
    answer = stack.api("POST", "/users/search", {"q": q}, stack.token("user_manager"))
    found: dict[str, Any] = answer.body["items"][0]
    return found


@BOTH
def test_somebody_is_found_by_keyboard_alone(
    visit: Visit,
    stack: Stack,
    accessible: Callable[[Page], None],
    capsys: pytest.CaptureFixture[str],
    width: int,
    language: Any,
) -> None:
    """Ten seconds are what a person may take; how long it takes here is printed."""
    page = visit("user_manager", width=width, language=language)
    wanted = _found(stack, "maría delgado")
    box = page.get_by_role("searchbox", name=BOX[language])
    expect(box).to_be_focused()
    box.fill("nobody at all")  # a cold start of the emulator's functions is nobody's ten seconds
    was_said(page, NOTHING[language])
    box.fill("")
    began = time.monotonic()
    page.keyboard.type("del mar", delay=50)
    expect(page.get_by_role("link", name="María Delgado")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="María Delgado")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{stack.console_url}/users/{wanted['id']}")
    tell_seconds(capsys, "found by keyboard", time.monotonic() - began)
    assert "Delgado" not in page.title()
    page.go_back()
    expect(page.get_by_role("link", name="María Delgado")).to_be_visible()
    accessible(page)


def test_enter_opens_the_first_that_is_found_even_before_it_is_there(visit: Visit, stack: Stack) -> None:
    page = visit("user_manager")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("marchbanks")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{stack.console_url}/users/{stack.users['district'].user_id}")


def test_who_comes_back_finds_what_they_had_typed_and_found(visit: Visit, stack: Stack) -> None:
    page = visit("user_manager")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("marchetti")
    page.get_by_role("link", name="Ivo Marchetti").click()
    page.wait_for_url("**/students/*")
    page.go_back()
    expect(page).to_have_url(f"{stack.console_url}/")
    expect(page.get_by_role("searchbox")).to_have_value("marchetti")
    expect(page.get_by_role("link", name="Ivo Marchetti")).to_be_visible()


@pytest.mark.parametrize(
    "typed",
    ["Helena.Marchbanks@example.org", "3035550160", "(303) 555-0160", "+1 303.555.0160", "helena marchb"],
)
def test_a_name_or_a_whole_address_or_number_however_typed_finds_its_person(visit: Visit, typed: str) -> None:
    page = visit("user_manager")
    page.get_by_role("searchbox").fill(typed)
    expect(page.get_by_role("link", name="Helena Marchbanks")).to_be_visible()
    expect(page.get_by_text("1 found.", exact=True).first).to_be_visible()
    was_said(page, "1 found.")
    assert page.url.endswith("/")


def test_a_class_is_found_with_its_school_and_leads_to_its_page(visit: Visit) -> None:
    page = visit("district")
    page.get_by_role("searchbox").fill("2a room")
    row = page.get_by_role("listitem").filter(has_text="Room 2A, Ms. Whitcombe")
    expect(row).to_contain_text("Maple Hollow Elementary")
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Room 2A, Ms. Whitcombe")


def test_whom_nothing_reaches_is_told_so_in_words(visit: Visit, unreached: Person) -> None:
    page = visit("user_manager")
    page.get_by_role("searchbox").fill("maria ortega")
    row = page.get_by_role("listitem").filter(has_text="Maria Ortega")
    expect(row).to_contain_text("Cannot be reached")


def test_a_pending_account_is_told_so(visit: Visit) -> None:
    page = visit("school_staff")
    page.get_by_role("searchbox").fill("brigid")
    expect(page.get_by_role("listitem").filter(has_text="Brigid Hartigan")).to_contain_text("Account pending")


@BOTH
def test_where_nobody_is_found_it_says_what_may_help(
    visit: Visit, accessible: Callable[[Page], None], width: int, language: Any
) -> None:
    page = visit("teacher", width=width, language=language)
    hints = {
        "en": ("Look at the spelling", "of your schools", "only when it is whole"),
        "es": ("Revise la ortografía", "de sus escuelas", "solo se encuentra si está completo"),
    }
    spelling, schools, whole = hints[language]
    page.get_by_role("searchbox").fill("marchbanks")  # of the district: out of a teacher's scope
    expect(page.get_by_text(spelling)).to_be_visible()
    expect(page.get_by_text(schools)).to_be_visible()
    accessible(page)
    page.get_by_role("searchbox").fill("helena@")
    expect(page.get_by_text(whole)).to_be_visible()


def test_what_failed_says_so_and_is_tried_again(visit: Visit) -> None:
    page = visit("user_manager")
    problem = {"type": "about:blank", "title": "Bad Request", "status": 400, "detail": "Not today."}
    page.route("**/api/users/search", lambda route: route.fulfill(status=400, json=problem))
    page.get_by_role("searchbox").fill("marchbanks")
    expect(page.get_by_role("alert")).to_contain_text("Not today.")
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("link", name="Helena Marchbanks")).to_be_visible()


def test_rows_of_an_older_text_are_never_opened_by_enter(visit: Visit, stack: Stack) -> None:
    page = visit("user_manager")
    page.get_by_role("searchbox").fill("delgado")
    expect(page.get_by_role("link", name="María Delgado")).to_be_visible()
    page.get_by_role("searchbox").fill("marchbanks")
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_url(f"{stack.console_url}/users/{stack.users['district'].user_id}")


def test_a_guardian_who_may_look_for_nobody_is_led_to_their_own_page(visit: Visit, stack: Stack) -> None:
    page = visit("guardian", path="/me")
    page.get_by_role("link", name="Reachable").click()
    expect(page).to_have_url(f"{stack.console_url}/me")
    expect(page.get_by_role("heading", level=1)).to_have_text("My email and phone")
