"""Staff's pages where two act at once, answers get lost, lists are long, and addresses are hostile."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Visit, settled
from tools.sample_district import build_zip
from tools.stack import Stack

_ID: Final = "10d0c99e-bf7b-5868-b98f-303ab7312717"
_NOT_KNOWN: Final = "It is not known whether it was done."
_SHOWN: Final = "The answer did not arrive. This page shows how it is now."
_QUICKER: Final = "Somebody else was quicker, or it went on by itself."


def _twice(button: Locator) -> None:
    """Two presses before the page can show that the first has begun."""
    button.evaluate("button => { button.click(); button.click() }")


class Wire:
    """What the API is made to answer, and what it was asked to change."""

    def __init__(self, page: Page, path: str, shown: dict[str, Any]) -> None:
        self.shown = shown
        self.then: dict[str, Any] = {}
        self.acts: list[str] = []
        self.looks = 0
        self.refusal: tuple[int, str] | None = None
        self.lost = False
        page.route(re.compile(f"/api{path}$"), self._look)
        page.route(re.compile(f"/api{path}/[a-z]+$"), self._act)

    def _look(self, route: Route) -> None:
        self.looks += 1
        route.fulfill(json=self.shown)

    def _act(self, route: Route) -> None:
        self.acts.append(route.request.url.rpartition("/")[2])
        self.shown = self.shown | self.then
        if self.lost:
            route.abort("connectionreset")
        elif self.refusal:
            status, detail = self.refusal
            body = {"type": "about:blank", "title": "No", "status": status, "detail": detail}
            route.fulfill(status=status, content_type="application/problem+json", body=json.dumps(body))
        else:
            route.fulfill(json=self.shown)


def _go(page: Page, path: str) -> None:
    page.evaluate(f"history.pushState(null, '', {json.dumps(path)})")


def _batch(state: str, **changed: Any) -> dict[str, Any]:
    return {
        "id": "b29",
        "state": state,
        "since": "2026-11-28T10:00:00Z",
        "why": None,
        "by": None,
        "emergencies_pass": True,
        "counts": {"queued": 3},
        "approximate": True,
        "swept": None,
    } | changed


@pytest.fixture
def held(visit: Visit) -> tuple[Page, Wire]:
    page = visit("communications_administrator")
    wire = Wire(page, "/batches/b29", _batch("held"))
    page.route("**/api/messages/search", lambda route: route.fulfill(json={"items": [], "next_cursor": None}))
    _go(page, "/held/b29/")
    page.get_by_role("button", name="Let it go on…").click()
    return page, wire


def _incident(state: str, *actions: str) -> dict[str, Any]:
    counts = {"outcome": {"reset": 3}, "cause": {}, "domain": {}, "school": {}}
    return {
        "id": _ID,
        "state": state,
        "where": {"from": "2026-11-28T10:00:00Z", "to": None}
        | dict.fromkeys(("provider", "account", "channel", "domain", "cause", "code", "text", "school")),
        "events": None,
        "people": None,
        "note": None,
        "by": _ID,
        "started_by": None,
        "error": None,
        "times": {"counted": "2026-11-28T11:00:00Z", state: "2026-11-28T11:00:00Z"},
        "actions": list(actions),
        "counts": counts,
        "examples": [],
        "left_alone": [],
        "counting": None,
        "run": None,
        "undo": None,
        "releases": [],
    }


@pytest.fixture
def incident(visit: Visit) -> tuple[Page, Wire]:
    page = visit("user_manager")
    wire = Wire(page, f"/resets/{_ID}", _incident("counted", "start", "count"))
    _go(page, f"/incidents/{_ID}")
    return page, wire


def _import(state: str, can_be_forced: bool) -> dict[str, Any]:
    return {
        "id": _ID,
        "state": state,
        "dry_run": False,
        "forced": False,
        "refused": False,
        "by": _ID,
        "uploaded_at": "2026-11-28T10:00:00Z",
        "times": {"refused": "2026-11-28T10:05:00Z", state: "2026-11-28T10:05:00Z"},
        "counts": {"created": {"user": 2}},
        "problem_counts": {},
        "problems": [],
        "files": {},
        "report_url": None,
        "error": None,
        "can_be_forced": can_be_forced,
    }


@pytest.fixture
def roster(visit: Visit) -> tuple[Page, Wire]:
    page = visit("rostering_administrator")
    wire = Wire(page, f"/imports/{_ID}", _import("refused", True))
    _go(page, f"/imports/{_ID}")
    page.get_by_role("button", name="Force this import…").click()
    page.get_by_role("alertdialog").get_by_label("Number: 2").fill("2")
    return page, wire


def test_who_decides_second_about_what_is_held_is_told_why_and_sees_how_it_stands(
    held: tuple[Page, Wire],
) -> None:
    page, wire = held
    wire.then, wire.refusal = _batch("dropped"), (409, "It is not held any more.")
    page.get_by_role("dialog").get_by_role("button", name="Let it go on", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("main").get_by_text("It is not held any more.")).to_be_visible()
    expect(page.get_by_role("main").get_by_text(_QUICKER)).to_be_visible()
    expect(page.get_by_text("Dropped: what was held is not sent")).to_be_visible()


def test_a_decision_whose_answer_is_lost_is_said_beside_how_it_stands(held: tuple[Page, Wire]) -> None:
    page, wire = held
    wire.then, wire.lost = _batch("resumed"), True
    page.get_by_role("dialog").get_by_role("button", name="Let it go on", exact=True).click()
    expect(page.get_by_text("Let go on: messages go out")).to_be_visible()
    expect(page.get_by_role("main").get_by_text(_SHOWN)).to_be_visible()


def test_a_decision_is_sent_once_however_often_it_is_pressed(held: tuple[Page, Wire]) -> None:
    page, wire = held
    wire.then = _batch("resumed")
    _twice(page.get_by_role("dialog").get_by_role("button", name="Let it go on", exact=True))
    expect(page.get_by_text("Let go on: messages go out")).to_be_visible()
    assert wire.acts == ["resume"]


def test_a_message_is_cancelled_once_however_often_it_is_pressed(visit: Visit) -> None:
    page = visit("communications_administrator")
    Wire(page, "/batches/b29", _batch("held"))
    message: dict[str, Any] = {
        "id": "m",
        "user_id": _ID,
        "channel": "email",
        "credential": "email:ada@example.org",
        "purpose": "general",
        "status": "held",
        "why": None,
        "alternatives": [],
        "times": {},
    }
    page.route(
        "**/api/messages/search", lambda route: route.fulfill(json={"items": [message], "next_cursor": None})
    )
    sent: list[str] = []

    def cancelled(route: Route) -> None:
        sent.append(route.request.url)
        route.fulfill(json={"batch": None, "results": [{"id": "m", "outcome": "cancelled"}]})

    page.route("**/api/messages/cancel", cancelled)
    _go(page, "/held/b29/")
    page.get_by_role("button", name="Cancel this message").click()
    _twice(page.get_by_role("alertdialog").get_by_role("button", name="Cancel the message"))
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    assert len(sent) == 1


@pytest.mark.parametrize("name", ["Count again", "Stop"])
def test_an_act_on_an_incident_is_sent_once_however_often_it_is_pressed(visit: Visit, name: str) -> None:
    page = visit("user_manager")
    wire = Wire(page, f"/resets/{_ID}", _incident("running", "stop", "count"))
    _go(page, f"/incidents/{_ID}")
    with page.expect_response(re.compile(f"/api/resets/{_ID}/[a-z]+$")):
        _twice(page.get_by_role("button", name=name))
    settled(page)
    page.wait_for_timeout(500)  # no second one follows
    assert len(wire.acts) == 1


def test_an_incident_is_started_once_however_often_it_is_pressed(incident: tuple[Page, Wire]) -> None:
    page, wire = incident
    wire.then = _incident("done")
    page.get_by_role("button", name="Start the run").click()
    _twice(page.get_by_role("alertdialog").get_by_role("button", name="Start the run"))
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    assert wire.acts == ["start"]


def test_an_incident_is_counted_once_however_often_it_is_pressed(visit: Visit) -> None:
    page = visit("user_manager", path="/incidents/new")
    saved: list[str] = []

    def save(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        saved.append(route.request.url)
        route.fulfill(status=202, json=_incident("counting"))

    page.route("**/api/resets", save)
    Wire(page, f"/resets/{_ID}", _incident("counted"))
    page.get_by_label("A list of people, typed or pasted").check()
    page.get_by_label("Their sourcedIds").fill("gua-083")
    _twice(page.get_by_role("button", name="Count", exact=True))
    page.wait_for_url(f"**/incidents/{_ID}")
    assert len(saved) == 1


def test_a_start_whose_answer_is_lost_is_said_beside_how_it_stands(incident: tuple[Page, Wire]) -> None:
    page, wire = incident
    wire.then, wire.lost = _incident("done", "undo"), True
    page.get_by_role("button", name="Start the run").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Start the run").click()
    expect(page.get_by_role("main").get_by_text(_SHOWN)).to_be_visible()
    expect(page.get_by_role("button", name="Undo the run")).to_be_visible()


def test_an_incident_that_may_not_be_seen_any_more_is_not_asked_for_for_ever(
    visit: Visit,
) -> None:
    page = visit("user_manager")
    looks: list[str] = []
    now = datetime.now(UTC).isoformat()

    def refused(route: Route) -> None:
        looks.append(route.request.url)
        if len(looks) == 1:
            route.fulfill(json=_incident("running") | {"times": {"running": now}})
        else:
            route.fulfill(
                status=403,
                content_type="application/problem+json",
                body=json.dumps({"status": 403, "title": "No", "detail": "You may not see this."}),
            )

    page.route(re.compile(f"/api/resets/{_ID}$"), refused)
    _go(page, f"/incidents/{_ID}")
    expect(page.get_by_role("main").get_by_text("You may not see this.")).to_be_visible()
    settled(page)
    seen = len(looks)
    page.wait_for_timeout(6_000)
    assert len(looks) == seen


def test_who_forces_second_is_told_why(roster: tuple[Page, Wire]) -> None:
    page, wire = roster
    wire.then, wire.refusal = _import("done", False), (409, "This import has not ended.")
    page.get_by_role("alertdialog").get_by_role("button", name="Force the import").click()
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    expect(page.get_by_role("main").get_by_text("This import has not ended.")).to_be_visible()
    expect(page.get_by_role("main").get_by_text(_QUICKER)).to_be_visible()


def test_an_import_is_forced_once_however_often_it_is_pressed(roster: tuple[Page, Wire]) -> None:
    page, wire = roster
    _twice(page.get_by_role("alertdialog").get_by_role("button", name="Force the import"))
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    assert wire.acts == ["force"]


def test_a_force_whose_answer_is_lost_is_said_to_be_not_known(roster: tuple[Page, Wire]) -> None:
    page, wire = roster
    wire.then, wire.lost = _import("done", False), True
    page.get_by_role("alertdialog").get_by_role("button", name="Force the import").click()
    expect(page.get_by_role("main").get_by_text(_NOT_KNOWN)).to_be_visible()


def test_a_file_that_changed_since_it_was_chosen_is_called_so(visit: Visit, tmp_path: Path) -> None:
    page = visit("rostering_administrator", path="/imports")
    file = tmp_path / "roster.ZIP"
    file.write_bytes(build_zip())
    page.get_by_label("The roster's zip").set_input_files(file)
    expect(page.get_by_text("Chosen: roster.ZIP")).to_be_visible()
    file.write_bytes(build_zip() + b"more")
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_text("cannot be read")).to_be_visible()
    expect(page.get_by_text("This is not a zip")).to_be_hidden()


def _line(number: int) -> dict[str, Any]:
    return {
        "id": f"{number:08}-bf7b-5868-b98f-303ab7312717",
        "name": f"Guardian {number}",
        "role": "guardian",
        "account_status": "active",
        "kind": "email",
        "open": [],
        "reason": "No such mailbox.",
        "cause": "invalid_address",
        "since": "2026-11-28T10:00:00Z",
        "guidance": [],
        "schools": [],
        "other_schools": 0,
        "reachable": ["email"],
        "highlights": [],
    }


def _first_page_alone(page: Page, path: str) -> None:
    """A list of which the second page cannot be had."""

    def tell(route: Route) -> None:
        if "more" in route.request.url or "more" in (route.request.post_data or ""):
            route.fulfill(status=400, content_type="application/problem+json", body='{"detail": "Broken."}')
        else:
            route.fulfill(json={"items": [_line(1), _line(2)], "next_cursor": "more"})

    page.route(re.compile(path), tell)


@pytest.mark.parametrize(
    ("path", "asked", "shown"),
    [
        ("/unreachable", r"/api/bad-credentials", "Guardian 1"),
        ("/pending", r"/api/users/search", "Guardian 1"),
    ],
)
def test_what_is_shown_of_a_list_stays_where_the_rest_of_it_cannot_be_had(
    visit: Visit, path: str, asked: str, shown: str
) -> None:
    page = visit("user_manager")
    _first_page_alone(page, asked)
    _go(page, path)
    page.get_by_role("button", name="Show more").click()
    expect(page.get_by_role("main").get_by_text("Broken.")).to_be_visible()
    expect(page.get_by_role("link", name=shown)).to_be_visible()


def test_the_rest_of_the_incidents_is_said_to_have_failed(visit: Visit) -> None:
    page = visit("user_manager")

    def tell(route: Route) -> None:
        if "more" in route.request.url:
            route.fulfill(status=400, content_type="application/problem+json", body='{"detail": "Broken."}')
        else:
            route.fulfill(json={"items": [_incident("counted")], "next_cursor": "more"})

    page.route(re.compile("/api/resets"), tell)
    _go(page, "/incidents")
    page.get_by_role("button", name="Show more").click()
    expect(page.get_by_role("main").get_by_text("Broken.")).to_be_visible()


def test_of_a_class_of_which_only_a_part_is_shown_nothing_is_said_of_all(visit: Visit) -> None:
    page = visit("user_manager")
    _first_page_alone(page, r"/api/(bad-credentials|users/search)")
    _go(page, f"/classes/{_ID}")
    expect(page.get_by_role("heading", name="Guardians")).to_be_visible()
    expect(page.get_by_role("link", name="Guardian 2").last).to_be_visible()
    expect(page.get_by_text("Each of them can be reached by something.")).to_be_hidden()
    expect(page.get_by_text("2 people of this class have a bad address or number.")).to_be_hidden()


def test_a_file_of_a_long_list_is_the_whole_list(visit: Visit) -> None:
    page = visit("user_manager")

    def tell(route: Route) -> None:
        query = parse_qs(urlsplit(route.request.url).query)
        if route.request.headers["accept"] != "text/csv":
            route.fulfill(json={"items": [_line(1)], "next_cursor": None})
        elif "cursor" in query:
            route.fulfill(content_type="text/csv; charset=utf-8", body="\ufeffid,name\r\n2,Ada\r\n")
        else:
            route.fulfill(
                content_type="text/csv; charset=utf-8",
                headers={"link": '<?cause=manual&cursor=a%2Bb>; rel="next"'},
                body='\ufeffid,name\r\n1,"José\r\nGil"\r\n',
            )

    page.route(re.compile("/api/bad-credentials"), tell)
    _go(page, "/unreachable?cause=manual")
    with page.expect_download() as file:
        page.get_by_role("button", name="Download for a spreadsheet (CSV)").click()
    assert file.value.path().read_bytes() == '\ufeffid,name\r\n1,"José\r\nGil"\r\n2,Ada\r\n'.encode()


def test_a_printed_list_says_to_what_it_is_narrowed(visit: Visit) -> None:
    page = visit("user_manager")
    page.route(
        re.compile("/api/bad-credentials"),
        lambda route: route.fulfill(json={"items": [_line(1)], "next_cursor": None}),
    )
    _go(page, "/unreachable?cause=mailbox_full&channel=sms")
    expect(page.get_by_role("link", name="Guardian 1")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_label("Why", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    "query", ["since=2026-99-99", "school=..", "class=..%2F..", "cause=%3Cscript%3E&since=x&school=%20"]
)
def test_filters_that_can_be_none_are_passed_over(visit: Visit, query: str) -> None:
    page = visit("user_manager")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_request(re.compile("bad-credentials")):
        _go(page, f"/unreachable?{query}")
    expect(page.get_by_role("heading", name="Cannot be reached", level=1)).to_be_visible()
    settled(page)
    expect(page.get_by_role("alert")).to_have_count(0)
    lists = [url for url in asked if "bad-credentials" in url]
    assert lists
    assert all(urlsplit(url).path == "/api/bad-credentials" for url in lists)
    assert all(parse_qs(urlsplit(url).query) == {"limit": ["200"]} for url in lists)


def test_days_that_are_none_are_passed_over(visit: Visit) -> None:
    page = visit("user_manager")
    _go(page, "/dashboard?by=week&from=2026-99-99&to=2026-13-01")
    expect(page.get_by_label("Period")).to_have_value("4")


def _row(**changed: Any) -> dict[str, Any]:
    numbers = (
        "sent",
        "delivered",
        "bounced_permanent",
        "bounced_transient",
        "bounced_undetermined",
        "failed",
        "rejected",
        "suppressed",
        "complained",
        "opted_out",
    )
    return dict.fromkeys(numbers, 0) | {"bounce_share": None, "complaint_share": None} | changed


def _figures(page: Page, rows: dict[str, list[dict[str, Any]]]) -> None:
    def tell(route: Route) -> None:
        [by] = parse_qs(urlsplit(route.request.url).query)["by"]
        if by not in rows:
            route.fulfill(status=400, content_type="application/problem+json", body='{"detail": "Broken."}')
            return
        route.fulfill(
            json={
                "approximate": True,
                "from": "2026-11-02",
                "to": "2026-11-29",
                "by": by,
                "items": rows[by],
            }
        )

    page.route("**/api/statistics*", tell)


def test_two_schools_of_one_name_are_two_rows_and_gone_with_the_others(visit: Visit) -> None:
    page = visit("user_manager")
    schools = [
        _row(sent=1000 + i, bounce_share=0.01, complaint_share=0, school={"id": str(i), "name": "Lincoln"})
        for i in range(3)
    ]
    _figures(page, {"week": [], "school": schools, "domain": [_row(sent=500, domain="example.org")]})
    _go(page, "/dashboard?by=school&weeks=4")
    table = page.get_by_role("table", name="The figures as a table")
    expect(table.get_by_role("row")).to_have_count(4)
    page.get_by_role("link", name="By email domain").click()
    expect(table.get_by_role("row")).to_have_count(2)
    expect(page.get_by_text("Lincoln")).to_have_count(0)


def test_weeks_without_messages_tell_nothing_of_complaints_to_who_may_not_see_them(visit: Visit) -> None:
    page = visit("user_manager")
    unseen = {"sent": 500, "complained": None, "opted_out": None, "bounce_share": 0.01}
    _figures(page, {"week": [_row(week="2026-W45", **unseen), _row(week="2026-W48", **unseen)]})
    _go(page, "/dashboard?by=week&weeks=4")
    table = page.get_by_role("table", name="The figures as a table")
    expect(table.get_by_role("row")).to_have_count(5)
    expect(page.get_by_role("figure")).to_have_count(1)


def test_figures_of_the_whole_that_cannot_be_had_are_said_to_be_missing(visit: Visit) -> None:
    page = visit("user_manager")
    _figures(page, {"domain": [_row(sent=500, domain="example.org", bounce_share=0.01, complaint_share=0)]})
    _go(page, "/dashboard?by=domain&weeks=4")
    expect(page.get_by_role("cell", name="500")).to_be_visible()
    expect(page.get_by_role("main").get_by_text("Broken.")).to_be_visible()


def test_the_figures_are_fetched_once_however_often_it_is_pressed(visit: Visit) -> None:
    page = visit("user_manager")
    files: list[str] = []
    _figures(page, {"week": [_row(week="2026-W48", sent=500, bounce_share=0.01, complaint_share=0)]})

    def file(route: Route) -> None:
        if route.request.headers["accept"] != "text/csv":
            route.fallback()
            return
        files.append(route.request.url)
        route.fulfill(content_type="text/csv", body="a\r\n")

    page.route("**/api/statistics*", file)
    _go(page, "/dashboard")
    with page.expect_download():
        _twice(page.get_by_role("button", name="Download for a spreadsheet (CSV)"))
    page.wait_for_timeout(500)
    assert len(files) == 1


def test_numbers_are_written_alike_in_a_sentence_and_in_a_table(visit: Visit) -> None:
    page = visit("communications_administrator", language="es")
    Wire(page, "/batches/b29", _batch("held", counts={"queued": 1_000_000}))
    page.route("**/api/messages/search", lambda route: route.fulfill(json={"items": [], "next_cursor": None}))
    _go(page, "/held/b29/")
    page.get_by_role("button", name="Descartar lo retenido…").click()
    expect(page.get_by_role("alertdialog").get_by_text("1,000,000").first).to_be_visible()
    expect(page.get_by_role("alertdialog").get_by_text("1.000.000")).to_have_count(0)


@pytest.mark.parametrize("name", ["..", "%", "a b", "a%2Fb", "\U0001f600", "ada@example.org", "domain:"])
def test_what_can_name_nothing_is_asked_of_nobody(visit: Visit, name: str) -> None:
    page = visit("communications_administrator")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("name => history.pushState(null, '', `/held/${encodeURIComponent(name)}/`)", name)
    if name != "..":
        expect(page.get_by_text("There can be nothing of this name.")).to_be_visible()
    assert not [url for url in asked if "/api/batches/" in url]


def test_a_batch_nobody_knows_is_called_so(visit: Visit, stack: Stack) -> None:
    page = visit("communications_administrator", path=f"/held/{uuid4().hex}.zip/")
    expect(page.get_by_text("Nothing is known of a batch of this name.")).to_be_visible()
