"""Incidents: counted first, then started, watched, undone; by a window, a list, a file; two at once."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from reachable.model.people import RosterKind, id_of
from tests.browser.conftest import BY_QUEUE_MS, PHONE, WIDE, Language, Visit, changed, settled
from tests.stack.people import Person, person
from tests.stack.test_incidents import asked, bounce, ended, lately
from tools.stack import Stack

_LOGIN: Final = "user_manager"
_FAMILY: Final = "gua-083"
"""A guardian whom few other tests need."""
_IN_TIME: Final = BY_QUEUE_MS


@pytest.fixture
def guardian(stack: Stack) -> Iterator[Person]:
    yield from person(stack, id_of(RosterKind.USER, _FAMILY))


def saved(stack: Stack, wish: dict[str, Any]) -> str:
    """An incident that has been counted."""
    incident_id: str = asked(stack, "POST", "/resets", wish | {"dry_run": True})["id"]
    ended(stack, incident_id)
    return incident_id


def state(page: Page, words: str) -> Locator:
    """Of the incident whose page is open."""
    return page.get_by_role("definition").filter(has_text=re.compile(f"^(✓ )?{words}$"))


def count_a_list(page: Page, *people: str) -> None:
    page.get_by_label("A list of people, typed or pasted").check()
    page.get_by_label("Their sourcedIds").fill("\n".join(people))
    page.get_by_role("button", name="Count", exact=True).click()


_WORDS: Final = {
    "en": {
        "from": "From",
        "domain": "Domain of the address",
        "count": "Count",
        "counted": "Counted: nothing was done yet",
        "outcome": "Would be reset: marked good again",
        "start": "Start the run",
        "done": "Done",
        "undo": "Undo the run",
        "undone": "Undone",
    },
    "es": {
        "from": "Desde",
        "domain": "Dominio de la dirección",
        "count": "Contar",
        "counted": "Contado: todavía no se hizo nada",
        "outcome": "Se restablecería: marcado otra vez como bueno",
        "start": "Iniciar la ejecución",
        "done": "Completado",
        "undo": "Deshacer la ejecución",
        "undone": "Deshecho",
    },
}


@pytest.mark.parametrize(("width", "language"), [(WIDE, "en"), (PHONE, "es")])
def test_a_window_is_counted_started_and_undone(
    visit: Visit,
    stack: Stack,
    guardian: Person,
    accessible: Callable[[Page], None],
    width: int,
    language: Language,
) -> None:
    bounce(stack, guardian)
    words = _WORDS[language]
    page = visit(_LOGIN, path="/incidents/new", width=width, language=language)
    accessible(page)
    begun = page.evaluate(
        "new Date(Date.now() - 5 * 60_000 - new Date().getTimezoneOffset() * 60_000).toISOString()"
    )
    page.get_by_label(words["from"], exact=True).fill(begun[:16])
    page.get_by_label(words["domain"]).fill(guardian.address("email").rpartition("@")[2])
    page.get_by_role("button", name=words["count"], exact=True).click()
    expect(state(page, words["counted"])).to_be_visible(timeout=_IN_TIME)
    expect(page.get_by_role("rowheader", name=words["outcome"])).to_be_visible()
    expect(page.get_by_role("link", name=guardian.profile()["name"])).to_be_visible()
    accessible(page)

    page.get_by_role("button", name=words["start"]).click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog.get_by_text("1", exact=False).first).to_be_visible()
    accessible(page)
    dialog.get_by_role("button", name=words["start"]).click()
    expect(state(page, words["done"])).to_be_visible(timeout=_IN_TIME)
    assert guardian.credential("email")["status"] == "good"

    page.get_by_role("button", name=words["undo"]).click()
    page.get_by_role("alertdialog").get_by_role("button", name=words["undo"]).click()
    expect(state(page, words["undone"])).to_be_visible(timeout=_IN_TIME)
    accessible(page)
    stack.wait_until(lambda: guardian.when_bad("email"), "the undo")


def test_a_pasted_list_is_counted_and_its_report_names_everybody(
    visit: Visit, stack: Stack, guardian: Person
) -> None:
    bounce(stack, guardian)
    page = visit(_LOGIN, path="/incidents/new")
    count_a_list(page, "sourced_id", _FAMILY, "nobody")
    expect(page.get_by_role("main").get_by_text("Counted: nothing was done yet")).to_be_visible(
        timeout=_IN_TIME
    )
    expect(page.get_by_role("cell", name="nobody in the roster is called so")).to_be_visible()
    with page.expect_download() as report:
        page.get_by_role("button", name="Save the report").click()
    assert report.value.suggested_filename == "incident-report.csv"
    assert guardian.profile()["name"] in report.value.path().read_text(encoding="utf-8-sig")


def test_a_list_as_a_file_is_counted_once_it_is_there_though_its_upload_broke(
    visit: Visit, accessible: Callable[[Page], None]
) -> None:
    page = visit(_LOGIN, path="/incidents/new")
    page.route("**/uploads/*.csv?*", lambda route: route.abort("connectionreset"), times=1)
    page.get_by_label("A list of people as a file").check()
    accessible(page)
    body = f"sourced_id\n{_FAMILY}\n".encode()
    page.get_by_label("The list").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": body}
    )
    page.get_by_role("button", name="Count", exact=True).click()
    expect(
        page.get_by_role("main").get_by_text("The connection ended before people.csv was there.")
    ).to_be_visible()
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_role("main").get_by_text("Counted: nothing was done yet")).to_be_visible(
        timeout=_IN_TIME
    )
    expect(page.get_by_role("main").get_by_text("A list of 1 person")).to_be_visible()


def test_a_list_that_cannot_be_read_says_why_and_what_to_do(visit: Visit) -> None:
    page = visit(_LOGIN, path="/incidents/new")
    page.get_by_label("A list of people as a file").check()
    page.get_by_label("The list").set_input_files(
        {"name": "people.xlsx", "mimeType": "text/csv", "buffer": b"PK\x03\x04..."}
    )
    expect(page.get_by_role("main").get_by_text("This is no text.")).to_be_visible()
    page.get_by_label("The list").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": b"\xff\xfegua"}
    )
    page.get_by_role("button", name="Count", exact=True).click()
    expect(page.get_by_role("main").get_by_text("Refused: its list cannot be used")).to_be_visible(
        timeout=_IN_TIME
    )
    expect(page.get_by_role("main").get_by_text("UTF-8")).to_be_visible()
    expect(page.get_by_role("link", name="Send another list")).to_be_visible()


def test_a_window_without_a_beginning_is_asked_for_it_and_keeps_what_was_typed(visit: Visit) -> None:
    page = visit(_LOGIN, path="/incidents/new")
    page.get_by_label("Domain of the address").fill("example.org")
    page.get_by_role("button", name="Count", exact=True).click()
    expect(page.get_by_role("main").get_by_text("Say when it began")).to_be_visible()
    expect(page.get_by_label("From", exact=True)).to_be_focused()
    expect(page.get_by_label("Domain of the address")).to_have_value("example.org")


def test_who_comes_second_is_told_and_sees_how_it_is(visit: Visit, stack: Stack, guardian: Person) -> None:
    bounce(stack, guardian)
    incident_id = saved(stack, {"users": [_FAMILY]})
    page = visit(_LOGIN, path=f"/incidents/{incident_id}")
    page.get_by_role("button", name="Start the run").click()
    asked(stack, "POST", f"/resets/{incident_id}/start")  # by somebody else
    ended(stack, incident_id)
    page.get_by_role("alertdialog").get_by_role("button", name="Start the run").click()
    expect(page.get_by_role("main").get_by_text("Somebody else was quicker")).to_be_visible()
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    expect(state(page, "Done")).to_be_visible(timeout=_IN_TIME)
    expect(page.get_by_role("button", name="Undo the run")).to_be_visible()


def test_more_than_a_hundred_are_not_started_by_mistake(
    visit: Visit, stack: Stack, accessible: Callable[[Page], None]
) -> None:
    incident_id = saved(stack, {"where": lately(), "note": "By a test."})
    started: list[str] = []

    def of_many(shown: dict[str, Any]) -> None:
        shown["counts"] = {
            "outcome": {"reset": 4890, "left_alone": 10},
            "cause": {"invalid_address": 4890},
            "domain": {"gmail.com": 4890},
            "school": {"": 4890},
        }

    def begun(route: Route) -> None:
        started.append(route.request.url)
        route.abort()

    page = visit(_LOGIN)
    page.route(re.compile(f"/api/resets/{incident_id}$"), lambda route: changed(route, of_many))
    page.route("**/api/resets/*/start", begun)
    page.evaluate(f"history.pushState(null, '', '/incidents/{incident_id}')")
    page.get_by_role("button", name="Start the run").click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog.get_by_text("4,890 addresses and numbers are marked good again.")).to_be_visible()
    accessible(page)
    for typed in ("", "489"):
        dialog.get_by_label("Number: 4,890").fill(typed)
        dialog.get_by_role("button", name="Start the run").click()
        expect(dialog.get_by_text("Type 4,890 to go on")).to_be_visible()
    assert started == []
    dialog.get_by_role("button", name="Leave it as it is").click()
    expect(page.get_by_role("button", name="Start the run")).to_be_focused()


def test_a_run_is_watched_until_it_is_over_and_no_longer(
    visit: Visit, stack: Stack, accessible: Callable[[Page], None]
) -> None:
    incident_id = saved(stack, {"where": lately()})
    looks: list[str] = []
    now = {"state": "running", "parts_done": 1}

    def running(shown: dict[str, Any]) -> None:
        at = datetime.now(UTC).isoformat()
        counts = {"outcome": {"reset": 500}, "cause": {}, "domain": {}, "school": {}}
        shown |= {"state": now["state"], "actions": ["stop"], "times": shown["times"] | {"running": at}}
        shown["run"] = {
            "parts": 4,
            "parts_done": now["parts_done"],
            "counts": counts,
            "examples": [],
            "left_alone": [],
        }

    def look(route: Route) -> None:
        looks.append(route.request.url)
        changed(route, running)

    page = visit(_LOGIN)
    page.route(re.compile(f"/api/resets/{incident_id}$"), look)
    page.evaluate(f"history.pushState(null, '', '/incidents/{incident_id}')")
    expect(page.get_by_role("progressbar", name="Progress")).to_be_visible()
    expect(
        page.get_by_role("main").get_by_text("1 of 4 parts done, 500 addresses and numbers so far.")
    ).to_be_visible()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    accessible(page)
    now["parts_done"] = 3
    expect(page.get_by_role("main").get_by_text("3 of 4 parts done")).to_be_visible()
    now["state"] = "done"
    expect(state(page, "Done")).to_be_visible()
    settled(page)
    seen = len(looks)
    page.wait_for_timeout(4_000)
    assert len(looks) == seen


@pytest.mark.parametrize(("width", "language"), [(WIDE, "es"), (PHONE, "en")])
def test_incidents_are_listed_in_words(
    visit: Visit, stack: Stack, accessible: Callable[[Page], None], width: int, language: Language
) -> None:
    saved(stack, {"where": lately() | {"domain": "example.org", "provider": "ses", "code": "5.1.1"}})
    page = visit(_LOGIN, path="/incidents", width=width, language=language)
    words = {
        "en": ("at example.org", "told by Amazon SES"),
        "es": ("en example.org", "informado por Amazon SES"),
    }
    for part in words[language]:
        expect(page.get_by_role("main").get_by_text(part).first).to_be_visible()
    accessible(page)


def test_who_does_not_see_the_district_is_told_why(visit: Visit) -> None:
    page = visit("teacher", path="/incidents")
    expect(page.get_by_role("alert")).to_be_visible()
