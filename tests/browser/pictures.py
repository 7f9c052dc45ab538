"""Pictures of each page for docs/console/, wide and as on a phone: ``python -m tests.browser.pictures``.

It speaks to the stack that REACHABLE_STACK names, best one that ``./dev demo`` has just made, and lets
something happen there, so that there is something to see.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from uuid import uuid4

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import sign_in
from tools import chromium, place, webhook_posts
from tools import stack as stacks
from tools.stack import Stack

FOLDER: Final = place.ROOT / "docs" / "console"
_WIDTHS: Final[dict[str, int]] = {"wide": 1100, "phone": 360}
_PAGES: Final[tuple[tuple[str, str, str], ...]] = (
    ("find", "user_manager", "/"),
    ("classes", "user_manager", "/classes"),
    ("unreachable", "school_staff", "/unreachable"),
    ("pending", "user_manager", "/pending"),
    ("dashboard", "district", "/dashboard"),
    ("incidents", "user_manager", "/incidents"),
    ("new-incident", "user_manager", "/incidents/new"),
    ("imports", "rostering_administrator", "/imports"),
    ("held", "communications_administrator", "/held"),
    ("providers", "user_manager", "/providers"),
    ("me", "shared_guardian", "/me"),
)


def _something_happens(stack: Stack) -> None:
    """A full mailbox, a number that does not exist, a STOP."""
    now = datetime.now(UTC)
    for number, code in (("+12025550110", "30003"), ("+12025550101", "30005")):
        webhook_posts.twilio(
            stack,
            {
                "To": number,
                "MessageStatus": "undelivered",
                "ErrorCode": code,
                "MessageSid": f"SM{uuid4().hex}",
            },
        )
    for address in ("maria.delgado@example.org", "freja.lindqvist@example.org"):
        stack.aws.sns.publish(
            TopicArn=stack.topics["ses"],
            Message=webhook_posts.ses_bounce(address, now - timedelta(minutes=5)),
        )


@contextmanager
def _window(browser: Browser, width: int, scheme: Literal["light", "dark"]) -> Iterator[Page]:
    context = browser.new_context(
        locale="en-US", viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


def main() -> None:
    """Take them all."""
    stack = stacks.running()
    _something_happens(stack)
    FOLDER.mkdir(exist_ok=True)
    guardian = stack.users["shared_guardian"].user_id
    student = stack.api(
        "POST",
        "/students/search",
        {"q": "", "limit": 1, "school": _school(stack)},
        token=stack.token("user_manager"),
    ).body["items"][0]["id"]
    pages = (
        *_PAGES,
        ("user", "user_manager", f"/users/{guardian}"),
        ("user-of-a-teacher", "school_staff", f"/users/{guardian}"),
        ("student", "user_manager", f"/students/{student}"),
    )
    wanted = os.environ.get("PICTURES", "").split()
    scheme: Literal["light", "dark"] = "dark" if os.environ.get("DARK") else "light"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=["--no-sandbox"])
        for size, width in _WIDTHS.items():
            for name, login, path in pages:
                if wanted and name not in wanted:
                    continue
                with _window(browser, width, scheme) as page:
                    sign_in(page, stack, login, path)
                    page.wait_for_load_state("networkidle")
                    page.screenshot(path=FOLDER / f"{name}-{size}.png", full_page=True)
        browser.close()


def _school(stack: Stack) -> str:
    return str(stack.api("GET", "/schools", token=stack.token("user_manager")).body["items"][0]["id"])


if __name__ == "__main__":
    main()
