"""Imports for a Rostering Administrator: check, import, read what is wrong, force; a network that breaks."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from tests.browser.conftest import BY_QUEUE_MS, PHONE, WIDE, Language, Visit, remembered
from tests.stack.rosters import Rosters, Row, export
from tools.sample_district import build_zip
from tools.stack import Stack

_LOGIN: Final = "rostering_administrator"
_IN_TIME: Final = BY_QUEUE_MS
_PUT: Final = "**/roster/*.zip?*"


@pytest.fixture(scope="module")
def rosters(stack: Stack) -> Rosters:
    return Rosters(stack)


@pytest.fixture
def stored(rosters: Rosters) -> Iterator[str]:
    """The whole sample district is stored; whatever a test did to it, it is put back."""
    whole = rosters.upload(build_zip())
    rosters.ended(whole)
    yield whole
    rosters.force(whole)


def zip_(body: bytes, name: str = "roster.zip") -> FilePayload:
    """A file as the picker takes it."""
    return {"name": name, "mimeType": "application/zip", "buffer": body}


def halve(rows: list[Row]) -> list[Row]:
    return [row for row in rows if not (row["sourcedId"] > "gua-060" and row["sourcedId"] < "gua-999")]


def twice(rows: list[Row]) -> list[Row]:
    return [*rows, rows[0] | {"givenName": "Somebody", "familyName": "Else"}]


def state(page: Page, words: str) -> Locator:
    """Of the import whose page is open."""
    return page.get_by_role("definition").filter(has_text=words)


def upload(page: Page, file: FilePayload, button: str = "Upload and check") -> None:
    page.get_by_label("The roster's zip").set_input_files(file)
    if button == "Upload and import":
        page.get_by_label("Import it for real").check()
    page.get_by_role("button", name=button).click()


_WORDS: Final = {
    "en": (
        "The roster's zip",
        "Upload and check",
        "Checked: it can be imported",
        "What would change",
        "Students",
    ),
    "es": (
        "El zip con los datos escolares",
        "Subir y verificar",
        "Verificado: se puede importar",
        "Qué cambiaría",
        "Estudiantes",
    ),
}


@pytest.mark.parametrize(("width", "language"), [(WIDE, "en"), (PHONE, "es")])
def test_a_roster_is_checked_before_the_first_night(
    visit: Visit, accessible: Callable[[Page], None], width: int, language: Language
) -> None:
    page = visit(_LOGIN, path="/imports", width=width, language=language)
    picker, button, checked, heading, kind = _WORDS[language]
    accessible(page)
    page.get_by_label(picker).set_input_files(zip_(build_zip()))
    page.get_by_role("button", name=button).click()
    expect(state(page, checked)).to_be_visible(timeout=_IN_TIME)
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.get_by_role("table", name=heading).get_by_role("rowheader", name=kind)).to_be_visible()
    accessible(page)


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_line_that_costs_itself_is_told_by_its_place_with_what_to_do(
    visit: Visit, stored: str, accessible: Callable[[Page], None], width: int
) -> None:
    page = visit(_LOGIN, path="/imports", width=width)
    upload(page, zip_(export(twice)), "Upload and import")
    expect(
        page.get_by_role("main").get_by_text("but for the lines that are called errors below")
    ).to_be_visible(timeout=_IN_TIME)
    expect(page.get_by_role("heading", name="users.csv")).to_be_visible()
    expect(page.get_by_role("main").get_by_text("Another line has this sourcedId")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the whole report").click()
    assert saved.value.suggested_filename == "roster-report.csv"
    assert "id_twice" in saved.value.path().read_text()
    accessible(page)


def test_a_refused_roster_is_explained_and_forced_by_its_number(
    visit: Visit, stored: str, accessible: Callable[[Page], None]
) -> None:
    page = visit(_LOGIN, path="/imports")
    upload(page, zip_(export(halve)), "Upload and import")
    expect(state(page, "Refused: nothing was changed")).to_be_visible(timeout=_IN_TIME)
    refusal = page.get_by_text("Guardians and staff:").first
    expect(refusal).to_contain_text("would be removed")
    accessible(page)
    page.get_by_role("button", name="Force this import").click()
    dialog = page.get_by_role("alertdialog")
    accessible(page)
    number = dialog.get_by_label("Number:")
    number.fill("1")
    dialog.get_by_role("button", name="Force the import").click()
    expect(dialog.get_by_text("to go on, or close this")).to_be_visible()
    expect(number).to_be_focused()
    typed = dialog.locator("label").inner_text().removeprefix("Number: ")
    number.fill(typed)
    dialog.get_by_role("button", name="Force the import").click()
    expect(dialog).to_be_hidden()
    expect(state(page, "forced, whatever it removes")).to_be_visible(timeout=_IN_TIME)
    expect(state(page, "Done")).to_be_visible(timeout=_IN_TIME)


def test_a_wrong_file_is_told_before_it_is_sent(visit: Visit) -> None:
    page = visit(_LOGIN, path="/imports")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method != "GET" else None)
    picker = page.get_by_label("The roster's zip")
    for file, words in (
        (zip_(b"sourcedId,name", "orgs.csv"), "This is not a zip."),
        (zip_(build_zip()[:-200]), "The end of this zip is missing"),
        (zip_(b""), "This file is empty."),
    ):
        picker.set_input_files(file)
        expect(page.get_by_role("main").get_by_text(words)).to_be_visible()
        page.get_by_role("button", name="Upload and check").click()
        expect(picker).to_be_focused()
    assert [url for url in asked if "/imports" in url] == []


def test_an_upload_that_ends_in_the_middle_is_sent_again(
    visit: Visit, accessible: Callable[[Page], None]
) -> None:
    page = visit(_LOGIN, path="/imports")
    page.route(_PUT, lambda route: route.abort("connectionreset"), times=1)
    upload(page, zip_(build_zip()))
    expect(
        page.get_by_role("main").get_by_text("The connection ended before roster.zip was there.")
    ).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Send it again").click()
    expect(state(page, "Checked: it can be imported")).to_be_visible(timeout=_IN_TIME)


def test_an_address_that_has_expired_is_told_and_made_anew(visit: Visit) -> None:
    page = visit(_LOGIN, path="/imports")
    page.route(
        _PUT, lambda route: route.fulfill(status=403, headers={"access-control-allow-origin": "*"}), times=1
    )
    upload(page, zip_(build_zip()))
    expect(page.get_by_role("main").get_by_text("The address for the upload has expired")).to_be_visible()
    page.get_by_role("button", name="Send it again").click()
    expect(state(page, "Checked: it can be imported")).to_be_visible(timeout=_IN_TIME)


def test_an_upload_goes_on_while_other_pages_are_looked_at_and_can_be_stopped(visit: Visit) -> None:
    page = visit(_LOGIN, path="/imports")
    held: list[Route] = []
    page.route(_PUT, lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it is given
    upload(page, zip_(build_zip()))
    expect(page.get_by_role("button", name="Stop the upload")).to_be_visible()
    page.get_by_role("link", name="Find", exact=True).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Imports")
    page.go_back()
    expect(page.get_by_role("progressbar", name="Upload")).to_be_visible()
    page.get_by_role("button", name="Stop the upload").click()
    expect(page.get_by_role("main").get_by_text("You have stopped the upload")).to_be_visible()
    page.get_by_role("button", name="Give it up").click()
    expect(page.get_by_label("The roster's zip")).to_be_visible()
    for route in held:
        route.abort()


def test_a_report_whose_address_has_expired_is_fetched_by_a_new_one(visit: Visit, rosters: Rosters) -> None:
    import_id = rosters.upload(build_zip(), dry_run=True)
    rosters.ended(import_id)
    page = visit(_LOGIN, path=f"/imports/{import_id}")
    page.route(
        "**/reports/*.csv?*",
        lambda route: route.fulfill(status=403, headers={"access-control-allow-origin": "*"}),
        times=1,
    )
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the whole report").click()
    assert "severity" in saved.value.path().read_text(encoding="utf-8-sig")


def test_a_force_whose_answer_is_lost_is_looked_for_until_it_shows(visit: Visit, stored: str) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page = visit(_LOGIN, path="/imports")
    upload(page, zip_(export(halve)), "Upload and import")
    expect(state(page, "Refused: nothing was changed")).to_be_visible(timeout=_IN_TIME)
    page.route("**/force", lose)
    page.get_by_role("button", name="Force this import").click()
    dialog = page.get_by_role("alertdialog")
    typed = dialog.locator("label").inner_text().removeprefix("Number: ")
    dialog.get_by_label("Number:").fill(typed)
    dialog.get_by_role("button", name="Force the import").click()
    expect(state(page, "forced, whatever it removes")).to_be_visible(timeout=_IN_TIME)
    expect(state(page, "Refused: nothing was changed")).to_be_hidden(timeout=_IN_TIME)


def test_a_page_that_was_opened_offline_comes_by_itself_when_the_network_is_back(
    visit: Visit, stored: str
) -> None:
    page = visit(_LOGIN, path="/imports")
    link = page.get_by_role("table").get_by_role("link").first
    link.wait_for()
    page.context.set_offline(True)
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "This page could not be shown", timeout=_IN_TIME
    )
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="What changed")).to_be_visible()


def test_a_file_is_waited_for_by_the_api_s_clock(visit: Visit, stack: Stack) -> None:
    """A device's own may be hours off."""
    asked = stack.api("POST", "/imports", {"dry_run": True}, stack.token(_LOGIN)).body
    page = visit(_LOGIN)
    remembered(page, stack, _LOGIN)
    page.clock.install(time=datetime.now(UTC) + timedelta(hours=7))
    page.reload()
    page.get_by_role("link", name="Imports").click()
    page.locator(f"main a[href='/imports/{asked['id']}']").click()
    expect(state(page, "Waiting for the file")).to_be_visible(timeout=_IN_TIME)
