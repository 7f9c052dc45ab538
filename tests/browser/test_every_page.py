"""Every page of the menu, as every sample role sees it: axe, one heading, and nothing refused."""

from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.conftest import PHONE, WIDE, Language, Visit, settled

_MENU: Final[dict[Language, tuple[str, str]]] = {"en": ("Pages", "Menu"), "es": ("Páginas", "Menú")}
_STAFF: Final = {"/", "/classes", "/unreachable", "/pending", "/dashboard", "/me"}


@pytest.mark.parametrize(
    ("login", "places", "language", "width"),
    [
        ("teacher", _STAFF, "es", PHONE),
        ("school_staff", _STAFF, "en", PHONE),
        ("district", _STAFF | {"/providers"}, "es", WIDE),
        ("user_manager", _STAFF | {"/incidents", "/providers"}, "en", WIDE),
        ("rostering_administrator", _STAFF | {"/incidents", "/imports", "/providers"}, "es", WIDE),
        ("communications_administrator", _STAFF | {"/incidents", "/held", "/providers"}, "en", PHONE),
    ],
)
def test_each_role_goes_through_its_whole_menu(
    visit: Visit,
    accessible: Callable[[Page], None],
    login: str,
    places: set[str],
    language: Language,
    width: int,
) -> None:
    """Where each role may go stands here word for word: a place too many is a right too many."""
    page = visit(login, language=language, width=width)
    refused: list[str] = []

    def note(answer: Response) -> None:
        if "/api/" in answer.url and 400 <= answer.status < 500:
            refused.append(f"{answer.status} {answer.url}")

    page.on("response", note)
    name, button = _MENU[language]
    links = page.get_by_role("navigation", name=name).locator("a")
    expect(links).to_have_count(len(places))
    assert {link.get_attribute("href") for link in links.all()} == places
    headings: set[str] = set()
    for place in sorted(places):
        if width == PHONE:
            page.get_by_role("button", name=button).click()
        page.get_by_role("navigation", name=name).locator(f"a[href='{place}']").click()
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_have_count(1)
        expect(page.get_by_role("navigation", name=name).locator("[aria-current=page]")).to_have_attribute(
            "href", place
        )
        settled(page)
        headings.add(heading.inner_text())
        accessible(page)
    assert len(headings) == len(places)
    assert refused == []


@pytest.mark.parametrize(("language", "width"), [("en", PHONE), ("es", WIDE)])
def test_a_guardian_is_led_to_their_own_page_and_has_no_other(
    visit: Visit, accessible: Callable[[Page], None], language: Language, width: int
) -> None:
    page = visit("guardian", language=language, width=width, path="/me")
    page.get_by_role("link", name="Reachable").click()  # to the first page, which is for staff
    page.wait_for_url("**/me")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("navigation", name=_MENU[language][0])).to_have_count(0)
    accessible(page)
