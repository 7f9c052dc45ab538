"""Attacks on a person's page: two who act at once, answers that come late, hostile words, long histories."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from reachable.model.people import RosterKind, id_of
from tests.browser.conftest import BY_QUEUE_MS, PHONE, Visit, changed, settled, until, was_said
from tests.stack.people import Person, person
from tools.stack import Stack

_SOON: Final = BY_QUEUE_MS
_LONG: Final = "x" * 300
_HEBREW: Final = "אבי"
_BEGIN: Final = datetime(2026, 9, 14, 8, 0, tzinfo=UTC)
_SIGN_INS: Final = "**/oauth2/token"


@pytest.fixture
def guardian(stack: Stack) -> Iterator[Person]:
    """A guardian of these tests alone, who shares neither email nor phone."""
    yield from person(stack, id_of(RosterKind.USER, "gua-020"))


@pytest.fixture
def other(stack: Stack) -> Iterator[Person]:
    """Another one."""
    yield from person(stack, id_of(RosterKind.USER, "gua-019"))


def mark(one: Person, kind: str = "email") -> None:
    """A colleague marks it bad."""
    wish = {"credential": kind, "ground": "manual", "note": "By a colleague."}
    answer = one.stack.api("POST", f"/users/{one.user_id}/blocks", wish, one.staff)
    assert answer.status == 200, answer.body


def card(page: Page, kind: str = "Email") -> Locator:
    """What is told of an email or a phone."""
    return page.get_by_role("region", name=re.compile(rf"^{kind}: "))


def go(page: Page, path: str) -> None:
    """As a link does, without loading the console anew."""
    page.evaluate("path => history.pushState(null, '', path)", path)


def told_as(page: Page, one: Person, change: Callable[[dict[str, Any]], None]) -> None:
    """The person as the API tells of them, but for a change."""
    page.route(re.compile(f"/api/users/{one.user_id}$"), lambda route: changed(route, change))


def event(number: int, **told: Any) -> dict[str, Any]:
    """Something that happened to an email, a minute before the one of the number before."""
    at = _BEGIN - timedelta(minutes=number)
    plain = {
        "id": f"{number:032x}",
        "value": "ada@example.org",
        "kind": "bounced",
        "channel": "email",
        "permanence": "permanent",
        "cause": "invalid_address",
        "reason": f"Happening {number}.",
        "provider_words": "550 5.1.1",
        "provider": "ses",
        "occurred_at": at.isoformat().replace("+00:00", "Z"),
    }
    nothing = dict.fromkeys(("sent_at", "by", "by_name", "note", "consent", "incident"))
    return plain | nothing | told


def history(page: Page, events: list[dict[str, Any]]) -> list[str]:
    """That this happened to the email, and nothing else; what is asked of it."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if "/credentials/email/" not in route.request.url:
            route.fulfill(json={"items": [], "next_cursor": None})
            return
        query = parse_qs(urlsplit(route.request.url).query)
        start, limit = int(query.get("cursor", ["0"])[0]), int(query["limit"][0])
        end = start + limit
        more = str(end) if end < len(events) else None
        route.fulfill(json={"items": events[start:end], "next_cursor": more})

    page.route(re.compile(r"/api/users/[^/]+/(messages|credentials/\w+/events)\?"), answer)
    return asked


def entries(page: Page) -> Locator:
    """The lines of the timeline."""
    return page.locator("ol.timeline > li")


def in_focus(page: Page) -> str:
    """What has the focus, by its tag."""
    return str(page.evaluate("document.activeElement.tagName"))


def reads_on(line: Locator, words: str) -> bool:
    """Whether these words, which close a line, are read from left to right."""
    told = line.evaluate(
        """(line, words) => {
            const texts = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
            while (texts.nextNode()) if (texts.currentNode.data.includes(words)) break;
            const range = document.createRange();
            return [...words].map((_, i) => {
                const at = texts.currentNode.data.indexOf(words) + i;
                range.setStart(texts.currentNode, at);
                range.setEnd(texts.currentNode, at + 1);
                return range.getBoundingClientRect().left;
            });
        }""",
        words,
    )
    return bool(told == sorted(told))


def test_what_was_said_of_one_person_is_not_left_for_a_screen_reader_on_the_next_page(
    visit: Visit, guardian: Person, other: Person
) -> None:
    mark(guardian)
    page = visit("user_manager", path=f"/users/{guardian.user_id}")
    card(page).get_by_role("button", name="Reset Status").click()
    page.get_by_role("dialog").get_by_role("button", name="Reset Status").click()
    was_said(page, "Email: opened here.")
    go(page, f"/users/{other.user_id}")
    expect(page.get_by_role("heading", level=1)).to_have_text(other.profile()["name"])
    expect(page.get_by_role("status", name="What has changed")).to_have_text("")


def test_an_answer_that_comes_late_says_nothing_on_another_persons_page(
    visit: Visit, guardian: Person, other: Person
) -> None:
    mark(guardian)
    mark(other)
    page = visit("user_manager", path=f"/users/{guardian.user_id}")
    held: list[Route] = []
    sent: list[tuple[str, str | None]] = []
    page.route("**/api/users/*/reset", lambda route: held.append(route))  # noqa: PLW0108
    page.on(
        "request", lambda one: sent.append((one.url, one.post_data)) if one.url.endswith("/reset") else None
    )
    card(page).get_by_role("button", name="Reset Status").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Note (optional)").fill("About the first.")
    dialog.get_by_role("button", name="Reset Status").click()
    expect(dialog.get_by_role("button", name="Resetting")).to_be_visible()
    until(page, lambda: held, "the reset to be on its way")
    go(page, f"/users/{other.user_id}")
    expect(page.get_by_role("heading", level=1)).to_have_text(other.profile()["name"])
    expect(dialog).to_have_count(0)
    card(page).get_by_role("button", name="Reset Status").click()
    expect(dialog.get_by_label("Note (optional)")).to_have_value("")
    for route in held:
        route.continue_()
    guardian.stack.wait_until(lambda: guardian.when_good("email"), "the reset")
    page.wait_for_timeout(1_500)
    expect(dialog).to_be_visible()
    expect(page.get_by_role("region", name="What the reset did")).to_have_count(0)
    expect(page.locator("[role=status]").filter(has_text="opened")).to_have_count(0)
    assert len(sent) == 1
    assert guardian.user_id in sent[0][0]
    assert other.when_bad("email")


def test_a_mark_does_not_fall_on_what_has_changed_meanwhile(visit: Visit, guardian: Person) -> None:
    page = visit("user_manager", path=f"/users/{guardian.user_id}")
    card(page).get_by_role("button", name="Mark as bad").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Note").fill("Typed before.")
    mark(guardian)
    dialog.get_by_role("button", name="Mark as bad").click()
    expect(dialog).to_contain_text("Something has changed here since you looked", timeout=_SOON)
    expect(dialog.get_by_label("Note")).to_have_value("Typed before.")
    assert [one["note"] for one in guardian.events("email")[:1]] == ["By a colleague."]
    dialog.get_by_role("button", name="Mark as bad").click()
    expect(dialog).to_be_hidden(timeout=_SOON)
    assert guardian.events("email")[0]["note"] == "Typed before."


def test_who_closes_a_dialog_whose_button_has_gone_stays_where_it_was(visit: Visit, guardian: Person) -> None:
    mark(guardian)
    page = visit("user_manager", path=f"/users/{guardian.user_id}")
    card(page).get_by_role("button", name="Reset Status").click()
    dialog = page.get_by_role("dialog")
    assert guardian.reset("email")["outcome"] == "reset"  # a colleague is quicker
    dialog.get_by_role("button", name="Reset Status").click()
    expect(dialog).to_contain_text("There is nothing left to reset.", timeout=_SOON)
    expect(dialog).not_to_contain_text("Press again")
    dialog.get_by_role("paragraph").get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    expect(card(page).get_by_role("heading", name="Email")).to_be_focused()


def test_more_under_a_filter_takes_the_focus_from_nothing_that_is_chosen_later(
    visit: Visit, guardian: Person
) -> None:
    page = visit("user_manager")
    history(page, [event(number) for number in range(60)])
    go(page, f"/users/{guardian.user_id}")
    expect(entries(page)).to_have_count(25, timeout=_SOON)
    show = page.get_by_label("Show", exact=True)
    show.select_option(label="Phone call")
    expect(entries(page)).to_have_count(0)
    with page.expect_response(re.compile(r"[?&]cursor=25\b")):
        page.get_by_role("button", name="Show more").click()
    expect(page.get_by_role("button", name="Show more")).to_be_focused()
    expect(page.get_by_role("button", name="Show more")).not_to_have_attribute("aria-disabled", "true")
    show.focus()
    show.select_option(label="Everything")
    expect(entries(page)).to_have_count(50)
    expect(show).to_be_focused()


def test_a_long_history_is_not_asked_anew_page_by_page(visit: Visit, guardian: Person) -> None:
    mark(guardian)
    page = visit("user_manager")
    asked = history(page, [event(number) for number in range(1_000)])
    go(page, f"/users/{guardian.user_id}")
    for shown in range(25, 250, 25):
        expect(entries(page)).to_have_count(shown, timeout=_SOON)
        page.get_by_role("button", name="Show more").click()
    expect(entries(page)).to_have_count(250)
    before = len(asked)
    page.clock.install()
    page.clock.fast_forward(60_000)
    page.evaluate("window.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(2_000)
    assert len(asked) == before
    card(page).get_by_role("button", name="Reset Status").click()
    page.get_by_role("dialog").get_by_role("button", name="Reset Status").click()
    expect(page.get_by_role("region", name="What the reset did")).to_be_visible(timeout=_SOON)
    settled(page)
    page.wait_for_timeout(2_000)  # nor is more asked after it
    assert len(asked) - before <= 10


def test_a_name_without_a_space_does_not_push_the_table_off_the_page(
    visit: Visit, accessible: Callable[[Page], None], guardian: Person
) -> None:
    student = guardian.profile()["students"][0]["id"]
    page = visit("user_manager")

    def lengthen(shown: dict[str, Any]) -> None:
        shown["guardians"][0]["name"] = _LONG
        shown["guardians"][0]["relation"] = _LONG
        shown["name"] = _LONG

    page.route(f"**/api/students/{student}", lambda route: changed(route, lengthen))
    go(page, f"/students/{student}")
    expect(page.get_by_role("heading", level=1)).to_have_text(_LONG)
    accessible(page)


def hostile(shown: dict[str, Any]) -> None:
    """Words of whoever may write them."""
    words = f"<img src=x onerror=alert(1)> {_LONG} \u202eevil\u0007 🧨{'🧨' * 100}"
    shown["name"] = words
    shown["sourced_id"] = words
    shown["language"] = "not a tag"
    for school in shown["schools"]:
        school["name"] = words
    for student in shown["students"]:
        student["name"] = words
        student["relation"] = words
    for credential in shown["credentials"]:
        credential["typed"] = words
        credential["shared"] = True
        credential["holders"] = [
            {"id": f"h{number}", "sourced_id": f"h{number}", "name": f"{words} {number}"}
            for number in range(25)
        ]
        credential["other_holders"] = 40
        for block in credential["blocks"]:
            block["note"] = block["provider_words"] = block["by_name"] = block["reason"] = words


@pytest.mark.parametrize("path", ["user", "student"])
def test_hostile_words_and_large_text_break_no_phone(
    visit: Visit, accessible: Callable[[Page], None], guardian: Person, path: str
) -> None:
    mark(guardian)
    student = guardian.profile()["students"][0]["id"]
    page = visit("user_manager", width=PHONE)
    if path == "user":
        told_as(page, guardian, hostile)
        go(page, f"/users/{guardian.user_id}")
        expect(card(page).first).to_be_visible(timeout=_SOON)
    else:
        go(page, f"/students/{student}")
        expect(page.get_by_role("table")).to_be_visible()
    settled(page)
    for summary in page.locator("main summary").all():
        summary.click()
    accessible(page)
    if path == "user":
        card(page).get_by_role("button", name="Reset Status").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        accessible(page)


def test_what_is_written_from_right_to_left_turns_nothing_beside_it_round(
    visit: Visit, guardian: Person
) -> None:
    mark(guardian)
    page = visit("user_manager")

    def change(shown: dict[str, Any]) -> None:
        shown["students"][0]["name"] = f"\u202e{_HEBREW}"
        shown["students"][0]["relation"] = "mother"
        shown["credentials"][0]["holders"] = [
            {"id": "h1", "sourced_id": "h1", "name": f"{_HEBREW} 1"},
            {"id": "h2", "sourced_id": "h2", "name": f"{_HEBREW} 2"},
        ]
        shown["credentials"][0]["shared"] = True

    told_as(page, guardian, change)
    history(page, [event(0, value=f"\u202e{_HEBREW}@x", by="u1", by_name="Plain Name")])
    go(page, f"/users/{guardian.user_id}")
    student = page.get_by_role("listitem").filter(has_text="(mother)")
    expect(student).to_be_visible(timeout=_SOON)
    assert reads_on(student, "mother"), "what stands beside the name is turned round"
    line = entries(page).first.locator("p").filter(has_text="Plain Name")
    assert reads_on(line, "Plain Name"), "who did it is turned round"
    [first, second] = [
        card(page).first.get_by_role("link", name=f"{_HEBREW} {number}").bounding_box() for number in (1, 2)
    ]
    assert first
    assert second
    assert (first["y"], first["x"]) < (second["y"], second["x"]), "two names have changed places"


def test_paper_has_no_buttons(visit: Visit, guardian: Person) -> None:
    page = visit("user_manager")
    history(page, [event(number) for number in range(60)])

    def change(shown: dict[str, Any]) -> None:
        shown["account_status"] = "pending"
        shown["guidance"] = [
            {"code": "remind", "credential": None, "text": "Remind them.", "did_you_mean": None}
        ]

    told_as(page, guardian, change)
    go(page, f"/users/{guardian.user_id}")
    expect(entries(page)).to_have_count(25, timeout=_SOON)
    settled(page)
    page.emulate_media(media="print")
    shown = [one.inner_text() for one in page.get_by_role("button").all() if one.is_visible()]
    assert shown == []


def test_a_reset_goes_on_once_where_the_sign_in_ended_in_its_middle(
    visit: Visit, stack: Stack, guardian: Person
) -> None:
    mark(guardian)
    page = visit("user_manager", path=f"/users/{guardian.user_id}")
    page.route(_SIGN_INS, lambda route: route.fulfill(status=400, json={"error": "invalid_grant"}))
    page.route("**/api/users/*/reset", lambda route: route.fulfill(status=401, json={"message": "no"}))
    card(page).get_by_role("button", name="Reset Status").click()
    dialog = page.get_by_role("dialog", name="Reset Status")
    dialog.get_by_label("Note (optional)").fill("Kept.")
    dialog.get_by_role("button", name="Reset Status").click()
    ended = page.get_by_role("alertdialog", name="Your sign-in has ended")
    expect(ended).to_be_visible()
    page.keyboard.press("Escape")
    expect(ended).to_be_visible()
    expect(ended.get_by_role("button", name="Sign in again")).to_be_visible()
    page.unroute_all()
    with page.expect_popup() as opened:
        ended.get_by_role("button", name="Sign in again").click()
    window = opened.value
    window.locator("input[name=username]").fill("user_manager")
    window.locator("input[name=password]").fill(stack.password)
    window.locator("input[name=password]").press("Enter")
    expect(page.get_by_role("region", name="What the reset did")).to_be_visible(timeout=_SOON)
    expect(page.get_by_role("heading", name="What the reset did")).to_be_focused()
    resets = [one for one in guardian.events("email") if one["note"] == "Kept."]
    assert len(resets) == 1


@pytest.mark.parametrize("login", ["teacher", "school_staff"])
def test_who_may_see_less_asks_for_nothing_that_is_refused(visit: Visit, stack: Stack, login: str) -> None:
    found = stack.api("POST", "/users/search", {"role": "guardian"}, stack.token(login))
    one = found.body["items"][0]["id"]
    page = visit(login)
    refused: list[str] = []
    page.on("response", lambda answer: refused.append(answer.url) if 400 <= answer.status < 500 else None)
    go(page, f"/users/{one}")
    expect(page.get_by_role("heading", name="What is not shown")).to_be_visible(timeout=_SOON)
    settled(page)
    page.wait_for_timeout(1_000)  # nothing comes after it
    assert refused == []
    for heading in page.locator("main h2, main h3").all():
        assert heading.evaluate("one => one.parentElement.children.length > 1"), heading.inner_text()


@pytest.mark.parametrize("hours", [-7])
def test_a_clock_that_is_hours_slow_renews_no_sign_in_over_and_over(
    visit: Visit, guardian: Person, hours: int
) -> None:
    mark(guardian)
    page = visit("user_manager")
    page.clock.install()
    page.clock.set_system_time(datetime.now(UTC) + timedelta(hours=hours))
    renewed: list[str] = []
    page.on("request", lambda one: renewed.append(one.url) if one.url.endswith("/oauth2/token") else None)
    go(page, f"/users/{guardian.user_id}")
    expect(card(page)).to_contain_text("Bad", timeout=_SOON)
    expect(page.get_by_role("region", name="Messages and what became of them")).to_contain_text(
        "Marked bad by hand", timeout=_SOON
    )
    assert len(renewed) <= 1


def test_nothing_private_is_left_where_a_browser_keeps_things(visit: Visit, guardian: Person) -> None:
    mark(guardian)
    page = visit("user_manager")
    referrers: list[str] = []
    page.on("request", lambda one: referrers.append(one.headers.get("referer", "")))
    lines: list[str] = []
    page.on("console", lambda one: lines.append(one.text))
    go(page, f"/users/{guardian.user_id}")
    card(page).get_by_role("button", name="Reset Status").click()
    page.get_by_role("dialog").get_by_label("Note (optional)").fill("A secret note.")
    page.get_by_role("dialog").get_by_role("button", name="Reset Status").click()
    expect(page.get_by_role("region", name="What the reset did")).to_be_visible(timeout=_SOON)
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, history.state])")
    profile = guardian.profile()
    private = [profile["name"], "secret", *(one["typed"] for one in profile["credentials"])]
    everywhere = json.dumps([kept, page.title(), page.url, *referrers, *lines]).casefold()
    assert [word for word in private if word.casefold() in everywhere] == []


def _many_former(shown: dict[str, Any]) -> None:
    one = next(credential for credential in shown["credentials"] if credential["kind"] == "email")
    former = one | {"former": True, "status": "good", "blocks": [], "upstream": []}
    until = "2026-11-01T03:30:00Z"
    shown["credentials"] = [
        former | {"value": "a@example.org", "typed": "a@example.org", "held_until": until},
        former | {"value": "b@example.org", "typed": "b@example.org", "held_until": until},
    ]
    shown["guidance"] = []


def test_who_has_only_former_addresses_has_none_and_each_former_one_is_shown(
    visit: Visit, accessible: Callable[[Page], None], guardian: Person
) -> None:
    page = visit("user_manager")
    told_as(page, guardian, _many_former)
    go(page, f"/users/{guardian.user_id}")
    expect(page.get_by_role("main")).to_contain_text("neither an email address nor a phone number")
    page.get_by_text("Earlier addresses and numbers (2)").click()
    expect(page.get_by_role("heading", name="b@example.org")).to_be_visible()
    accessible(page)
