"""The figures: how much bounces, by what, against what providers put up with."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PHONE, WIDE, Language, Visit, settled

_FIRST: Final[Mapping[str, tuple[str, str]]] = {
    "domain": ("Email domain", "Dominio de correo"),
    "cause": ("Cause", "Causa"),
    "week": ("Week from", "Semana del"),
}
"""The first column of the table."""
_SHARES: Final[Mapping[str, tuple[int, int, int]]] = {
    "gmail.com": (9000, 90, 1),
    "hotmail.com": (2800, 180, 0),
    "school-families.example.org": (500, 20, 2),
    "aol.com": (40, 20, 0),
}
"""Messages, of these bounced for good, of these marked as spam."""
_WEEKS: Final[Mapping[str, tuple[int, int, int]]] = {"2026-W46": (6340, 155, 2), "2026-W48": (6000, 155, 1)}
_CAUSES: Final[Mapping[str, tuple[int, int, int]]] = {
    "invalid_address": (0, 200, 0),
    "mailbox_full": (0, 90, 0),
}
_BY: Final = {"domain": _SHARES, "week": _WEEKS, "cause": _CAUSES}


def _row(by: str, name: str, numbers: tuple[int, int, int]) -> dict[str, Any]:
    sent, bounced, complained = numbers
    rest = ("bounced_transient", "bounced_undetermined", "failed", "rejected", "suppressed", "opted_out")
    return {
        by: name,
        "sent": sent,
        "delivered": max(0, sent - bounced),
        "bounced_permanent": bounced,
        "complained": complained,
        "bounce_share": bounced / sent if sent else None,
        "complaint_share": complained / sent if sent else None,
    } | dict.fromkeys(rest, 0)


def _tell(route: Route) -> None:
    """A month of a district, as the API tells it."""
    [by] = parse_qs(urlsplit(route.request.url).query)["by"]
    items = [_row(by, name, numbers) for name, numbers in _BY.get(by, {}).items()]
    route.fulfill(
        json={"approximate": True, "from": "2026-11-02", "to": "2026-11-29", "by": by, "items": items}
    )


@pytest.fixture
def figures(visit: Visit) -> Callable[..., Page]:
    """The page, with a month's figures: at the wire, since a stack of a test has none."""

    def opened(by: str, language: Language = "en", width: int = WIDE) -> Page:
        page = visit("user_manager", language=language, width=width)
        page.route("**/api/statistics*", _tell)
        if width == PHONE:
            page.get_by_role("button", name="Menu" if language == "en" else "Menú").click()
        page.get_by_role("link", name="Figures" if language == "en" else "Cifras").click()
        names = {
            "domain": ("By email domain", "Por dominio de correo"),
            "cause": ("By cause", "Por causa"),
            "week": ("By week", "Por semana"),
        }
        page.get_by_role("link", name=names[by][language == "es"]).click()
        first = page.get_by_role("table").first.get_by_role("columnheader").first
        expect(first).to_have_text(_FIRST[by][language == "es"])
        settled(page)
        return page

    return opened


def test_a_sentence_says_how_much_bounces_and_whether_that_is_too_much(figures: Callable[..., Page]) -> None:
    page = figures("week")
    summary = page.get_by_text("Of about 12,340 messages (November 2")
    expect(summary).to_contain_text("2.51% bounced for good: below the 5%")
    expect(page.get_by_text("0.02% were marked as spam")).to_contain_text(
        "below the 0.1% that providers allow"
    )


@pytest.mark.parametrize(("width", "language"), [(WIDE, "en"), (PHONE, "es")])
def test_a_domain_past_the_limit_is_told_in_words_and_of_few_messages_nothing_is(
    figures: Callable[..., Page], accessible: Callable[[Page], None], width: int, language: Language
) -> None:
    page = figures("domain", language, width)
    reached, few = {
        "en": ("limit reached", "Too few to judge"),
        "es": ("límite alcanzado", "Muy pocos para juzgar"),
    }[language]
    rows = page.get_by_role("table").first.get_by_role("row")
    expect(rows.filter(has_text="hotmail.com")).to_contain_text(reached)
    expect(rows.filter(has_text="gmail.com")).not_to_contain_text(reached)
    expect(rows.filter(has_text="aol.com")).to_contain_text(few)
    accessible(page)


def test_a_week_without_messages_is_shown_as_such(
    figures: Callable[..., Page], accessible: Callable[[Page], None]
) -> None:
    page = figures("week")
    rows = page.get_by_role("table").first.get_by_role("row")
    expect(rows).to_have_count(5)  # its head, and the four weeks of the answer
    expect(rows.nth(1)).to_contain_text("November 2, 2026")
    expect(rows.nth(1)).to_contain_text("No messages")
    accessible(page)


def test_causes_are_counted_and_judged_by_no_share(
    figures: Callable[..., Page], accessible: Callable[[Page], None]
) -> None:
    page = figures("cause")
    row = page.get_by_role("table").first.get_by_role("row").filter(has_text="No such address or number")
    expect(row).to_contain_text("200")
    expect(page.get_by_text("Share bounced")).to_have_count(0)
    accessible(page)


def test_the_picture_is_for_who_sees_it_the_table_for_everybody(figures: Callable[..., Page]) -> None:
    page = figures("domain")
    expect(page.get_by_role("figure").first).to_contain_text("The line is at 5%")
    hidden = page.get_by_role("figure").first.locator("svg").first
    assert hidden.evaluate("drawn => drawn.closest('[aria-hidden=true]') !== null")


def test_other_days_are_chosen_and_stand_in_the_address_and_a_wrong_choice_is_told(visit: Visit) -> None:
    page = visit("user_manager", path="/dashboard")
    page.get_by_label("Period").select_option("Other days")
    page.get_by_label("First day").fill("2026-11-20")
    page.get_by_label("Last day").fill("2026-11-02")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_label("First day")).to_be_focused()
    expect(page.get_by_text("Choose two days, the first before the last.")).to_be_visible()
    page.get_by_label("First day").fill("2026-10-20")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page).to_have_url(re.compile("from=2026-10-20&to=2026-11-02"))
    expect(page.get_by_text("Choose two days")).to_have_count(0)


def test_the_figures_go_into_a_spreadsheet(visit: Visit) -> None:
    page = visit("user_manager", path="/dashboard?by=provider&weeks=26")
    page.route("**/api/statistics*", _file)
    page.get_by_role("link", name="By email domain").click()
    with page.expect_download() as asked:
        page.get_by_role("button", name="Download for a spreadsheet (CSV)").click()
    assert asked.value.suggested_filename == "statistics-by-domain.csv"
    assert asked.value.path().read_text("utf-8-sig").startswith("domain,sent")


def _file(route: Route) -> None:
    if route.request.headers["accept"] == "text/csv":
        route.fulfill(body="domain,sent\ngmail.com,9000\n", content_type="text/csv")
    else:
        _tell(route)


def test_a_teacher_sees_their_own_schools_alone(visit: Visit, accessible: Callable[[Page], None]) -> None:
    page = visit("teacher", path="/dashboard")
    expect(page.get_by_text("You see your own schools.")).to_be_visible()
    expect(page.get_by_role("link", name="By email domain")).to_have_count(0)
    accessible(page)


_BROKEN: Final = """table => [...table.querySelectorAll('.cell')].map((cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
    return [cell.textContent, lines.size];
}).filter(([text, lines]) => lines > 1 && /^[\\d.,%\\s]+$/.test(text))"""


@pytest.mark.parametrize("language", ["en", "es"])
def test_large_text_on_a_phone_breaks_no_number(
    figures: Callable[..., Page], monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:
    causes = {"inactive_or_unreachable": (0, 12_345, 0), "mailbox_full": (0, 90, 0)}
    monkeypatch.setitem(_BY, "cause", causes)
    page = figures("cause", language, PHONE)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.get_by_role("table").first.evaluate(_BROKEN) == []
