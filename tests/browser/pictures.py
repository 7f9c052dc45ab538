"""Pictures of each page for docs/console/, wide and on a phone: ``python -m tests.browser.pictures [name]``.

It speaks to the stack that REACHABLE_STACK names, best one that ``./dev demo`` has just made, and lets
something happen there, so that there is something to see. ``DARK=1`` takes them in the dark colours.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import HEIGHT, sign_in
from tools import chromium, place, webhook_posts
from tools import stack as stacks
from tools.stack import Stack

FOLDER: Final = place.ROOT / "docs" / "console"
_WIDTHS: Final = {"wide": 1100, "phone": 360}
_QUALITY: Final = 78
type Step = Callable[[Page], None]


def _nothing(_: Page) -> None:
    """As it opens."""


def _look_for(page: Page) -> None:
    page.get_by_role("searchbox").or_(page.get_by_role("combobox")).first.fill("del")
    page.get_by_role("link", name="María Delgado").or_(page.get_by_text("María Delgado")).first.wait_for()


def _open_reset(page: Page) -> None:
    page.get_by_role("button", name="Reset Status").first.click()
    page.get_by_role("dialog").wait_for()


def _open_mark(page: Page) -> None:
    page.get_by_role("button", name="Mark as bad").first.click()
    page.get_by_role("dialog").wait_for()


def _pages(stack: Stack) -> dict[str, tuple[str, str, Step]]:
    """By name: who looks, where, and what they do there."""
    token = stack.token("user_manager")
    guardian = f"/users/{stack.users['shared_guardian'].user_id}"
    student = stack.api("POST", "/students/search", {"q": "lucia delgado"}, token=token).body["items"][0]
    school = stack.api("GET", "/schools", token=token).body["items"][0]
    class_ = stack.api("GET", f"/schools/{school['id']}/classes", token=token).body["items"][0]
    incident = _incident(stack, token)
    roster = stack.api("GET", "/imports", token=stack.token("rostering_administrator")).body["items"][0]
    return {
        "find": ("user_manager", "/", _look_for),
        "user": ("user_manager", guardian, _nothing),
        "reset": ("user_manager", guardian, _open_reset),
        "mark-bad": ("user_manager", guardian, _open_mark),
        "user-as-school-staff-see-it": ("district", guardian, _nothing),
        "student": ("user_manager", f"/students/{student['id']}", _nothing),
        "classes": ("user_manager", f"/classes?school={school['id']}", _nothing),
        "class": ("user_manager", f"/classes/{class_['id']}?school={school['id']}", _nothing),
        "unreachable": ("user_manager", "/unreachable", _nothing),
        "pending": ("user_manager", "/pending", _nothing),
        "figures": ("district", "/dashboard", _nothing),
        "incidents": ("user_manager", "/incidents", _nothing),
        "new-incident": ("user_manager", "/incidents/new", _nothing),
        "incident": ("user_manager", f"/incidents/{incident}", _nothing),
        "imports": ("rostering_administrator", "/imports", _nothing),
        "import": ("rostering_administrator", f"/imports/{roster['id']}", _nothing),
        "held": ("communications_administrator", "/held", _nothing),
        "batch": ("communications_administrator", "/held/newsletter-2026-11-27/", _nothing),
        "providers": ("user_manager", "/providers", _nothing),
        "me": ("shared_guardian", "/me", _nothing),
    }


def _incident(stack: Stack, token: str) -> str:
    where = {"from": (datetime.now(UTC) - timedelta(hours=2)).isoformat(), "domain": "example.org"}
    wish = {"where": where, "note": "The mail server of example.org failed.", "dry_run": True}
    id_ = str(stack.api("POST", "/resets", wish, token=token).body["id"])
    stack.wait_until(lambda: _state(stack, id_, token) == "counted")
    return id_


def _state(stack: Stack, id_: str, token: str) -> Any:
    return stack.api("GET", f"/resets/{id_}", token=token).body["state"]


def _let_something_happen(stack: Stack) -> None:
    """A full mailbox, numbers that do not answer, a batch that somebody holds."""
    now = datetime.now(UTC)
    for number, code in (("+12025550110", "30003"), ("+12025550101", "30005")):
        message = {"MessageSid": f"SM{uuid4().hex}", "MessageStatus": "undelivered"}
        webhook_posts.twilio(stack, message | {"To": number, "ErrorCode": code})
    for address in ("maria.delgado@example.org", "freja.lindqvist@example.org"):
        bounce = webhook_posts.ses_bounce(address, now - timedelta(minutes=5))
        stack.aws.sns.publish(TopicArn=stack.topics["ses"], Message=bounce)
    stack.api(
        "POST",
        "/batches/newsletter-2026-11-27/hold",
        {"note": "The list is last year's."},
        token=stack.token("communications_administrator"),
    )
    bad = stack.users["shared_guardian"].user_id
    stack.wait_until(lambda: _is_bad(stack, bad))


def _is_bad(stack: Stack, user_id: str) -> bool:
    shown = stack.api("GET", f"/users/{user_id}", token=stack.token("user_manager")).body
    return all(one["status"] == "bad" for one in shown["credentials"])


@contextmanager
def _window(browser: Browser, width: int) -> Iterator[Page]:
    context = browser.new_context(
        locale="en-US",
        viewport={"width": width, "height": HEIGHT},
        color_scheme="dark" if os.environ.get("DARK") else "light",
        reduced_motion="reduce",
    )
    yield context.new_page()
    context.close()


def main(wanted: list[str]) -> None:
    """Take them."""
    stack = stacks.running()
    _let_something_happen(stack)
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=["--no-sandbox"])
        for name, (login, path, act) in _pages(stack).items():
            if wanted and name not in wanted:
                continue
            for size, width in _WIDTHS.items():
                with _window(browser, width) as page:
                    sign_in(page, stack, login, path)
                    page.wait_for_load_state("networkidle")
                    act(page)
                    whole = page.get_by_role("dialog").count() == 0
                    page.screenshot(
                        path=FOLDER / f"{name}-{size}.jpg", type="jpeg", quality=_QUALITY, full_page=whole
                    )
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
