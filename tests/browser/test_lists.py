"""Classes and their families, whom the schools cannot reach, and who has not accepted the invitation."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, WIDE, Visit, remembered, was_said
from tests.stack.people import Person, person
from tools.stack import Stack

BOTH: Final = pytest.mark.parametrize(("width", "language"), [(WIDE, "en"), (PHONE, "es")])


@pytest.fixture
def unreached(stack: Stack) -> Iterator[Person]:
    """The sample guardian, of a class of the sample teacher, whose phone somebody marked bad."""
    with contextmanager(person)(stack, stack.users["guardian"].user_id) as guardian:
        # Lines come and go by a queue: one of before would be taken for ours, and go while somebody looks.
        stack.wait_until(lambda: _lines(guardian) == 0, what="the list without them")
        wish = {"credential": "phone", "note": "Dead."}
        answer = stack.api("POST", f"/users/{guardian.user_id}/blocks", wish, guardian.staff)
        assert answer.status == 200, answer.body
        stack.wait_until(lambda: _lines(guardian), what="the list")
        yield guardian


def _lines(of: Person) -> int | None:
    """How many of the list are theirs; None where it cannot be had now."""
    answer = of.stack.api("GET", "/bad-credentials?limit=200", token=of.staff)
    if answer.status != 200:
        return None
    ids = [line["id"] for line in answer.body["items"]]
    return ids.count(of.user_id)


@BOTH
def test_the_office_sees_whom_it_cannot_reach_why_and_what_to_do(
    visit: Visit,
    stack: Stack,
    unreached: Person,
    accessible: Callable[[Page], None],
    width: int,
    language: Any,
) -> None:
    page = visit("user_manager", path="/unreachable", width=width, language=language)
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="Freja Lindqvist"))
    phone, why = {
        "en": ("Phone", "A member of staff marked this phone number as not usable."),
        "es": ("Teléfono", "Un miembro del personal marcó este número de teléfono como no utilizable."),
    }[language]
    expect(row.filter(has_text=phone)).to_contain_text(why)
    expect(page.get_by_text("+12025550101")).to_be_hidden()
    accessible(page)
    row.get_by_role("link").first.click()
    page.wait_for_url(f"{stack.console_url}/users/{unreached.user_id}")


def test_the_list_is_narrowed_by_ids_and_words_alone_counted_and_found_again_by_its_address(
    visit: Visit, stack: Stack, unreached: Person
) -> None:
    page = visit("user_manager", path="/unreachable")
    page.get_by_label("School", exact=True).select_option("Maple Hollow Elementary")
    page.get_by_label("Class", exact=True).select_option("Room 2A, Ms. Whitcombe")
    page.get_by_label("Why", exact=True).select_option("Marked by hand")
    page.get_by_label("Not reached by").select_option("Phone call")
    expect(page.get_by_role("link", name="Freja Lindqvist")).to_have_count(1)
    was_said(page, "bad address")
    page.wait_for_url(lambda url: _asked(url).keys() == {"school", "class", "cause", "channel"})
    asked = _asked(page.url)
    remembered(page, stack, "user_manager")
    page.reload()
    expect(page.get_by_label("Class", exact=True)).to_have_value(asked["class"][0])
    assert _asked(page.url) == asked
    assert asked["cause"] == ["manual"]
    assert asked["channel"] == ["voice"]
    assert "Maple" not in page.url
    page.get_by_label("Why", exact=True).select_option("Mailbox full")
    expect(page.get_by_text("Nobody fits these filters.").first).to_be_visible()
    page.get_by_label("School", exact=True).select_option("All schools")
    expect(page.get_by_label("Class", exact=True)).to_be_hidden()


def _asked(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


def test_the_list_as_a_file_has_the_rosters_own_ids(visit: Visit, unreached: Person, tmp_path: Path) -> None:
    page = visit("user_manager", path="/unreachable?cause=manual")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download for a spreadsheet (CSV)").click()
    saved = tmp_path / "list.csv"
    download.value.save_as(saved)
    rows = list(csv.DictReader(saved.read_text(encoding="utf-8-sig").splitlines()))
    assert {row["cause"] for row in rows} == {"manual"}
    assert "gua-001" in {row["sourced_id"] for row in rows}


def test_on_paper_the_list_stands_without_what_one_presses(visit: Visit, unreached: Person) -> None:
    page = visit("user_manager", path="/unreachable")
    expect(page.get_by_role("link", name="Freja Lindqvist").first).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.get_by_role("columnheader", name="What to do")).to_be_visible()


@BOTH
def test_a_teacher_sees_of_their_class_whose_family_cannot_be_reached(
    visit: Visit, unreached: Person, accessible: Callable[[Page], None], width: int, language: Any
) -> None:
    page = visit("teacher", path="/classes", width=width, language=language)
    accessible(page)
    page.get_by_role("link", name="English 6").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("English 6")
    bad, guardians, students = {
        "en": ("Bad addresses and numbers", "Guardians", "Students"),
        "es": ("Direcciones y números malos", "Tutores", "Estudiantes"),
    }[language]
    expect(page.get_by_role("table", name=bad).get_by_role("link", name="Freja").first).to_be_visible()
    expect(page.get_by_role("table", name=guardians).get_by_role("link", name="Freja")).to_be_visible()
    expect(page.get_by_role("table", name=students).get_by_role("link", name="Elias")).to_be_visible()
    accessible(page)


def test_who_sees_the_district_chooses_a_school_and_then_a_class(visit: Visit) -> None:
    page = visit("district", path="/classes")
    page.get_by_label("School").select_option("Maple Hollow Elementary")
    page.get_by_role("link", name="Room 4B, Mr. Adeyemi").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Room 4B, Mr. Adeyemi")
    assert "Room" not in page.title()


@BOTH
def test_a_pending_account_is_reminded_once_and_its_row_says_what_came_of_it(
    visit: Visit, accessible: Callable[[Page], None], width: int, language: Any
) -> None:
    """The API's answers are given here: it sends one reminder a day, and a test may run twice."""
    page = visit("user_manager", path="/pending", width=width, language=language)
    button, done = {
        "en": ("Send a reminder to Declan Hartigan", "The reminder is on its way."),
        "es": ("Enviar un recordatorio a Declan Hartigan", "El recordatorio va en camino."),
    }[language]
    posted: list[str] = []
    problem = {"type": "about:blank", "title": "Later", "status": 429, "detail": "One went today."}
    page.route("**/reminders", lambda route: route.fulfill(status=429, json=problem))
    page.get_by_role("button", name=button).click()
    row = page.get_by_role("row").filter(has_text="Declan Hartigan")
    expect(row.get_by_role("alert")).to_have_text("One went today.")
    accessible(page)
    page.unroute_all()
    page.on("request", lambda request: posted.append(request.url) if "/reminders" in request.url else None)
    page.route("**/reminders", lambda route: route.fulfill(status=202, json={"message_id": "m"}))
    page.get_by_role("button", name=button).dblclick()
    expect(row).to_contain_text(done)
    was_said(page, "Declan Hartigan")
    accessible(page)
    assert len(posted) == 1


def test_who_may_not_remind_sees_who_is_pending_without_a_button(visit: Visit) -> None:
    page = visit("school_staff", path="/pending")
    expect(page.get_by_role("link", name="Brigid Hartigan")).to_be_visible()
    expect(page.get_by_role("button", name="Send a reminder")).to_have_count(0)
