"""The console as people use it: a real Chromium, the deployed stack that REACHABLE_STACK names, its front.

``visit(login, language="es", width=320, scheme="dark")`` opens a window of its own, signs in as a sample
login by the pool's page, and gives the page (Playwright's), at the console's first page. Roles and labels
find things, as people do: ``page.get_by_role("button", name="Reset Status")``. What a page writes to the
browser's console as an error, a violation of its policy among them, fails the test; so does what axe finds
where ``accessible(page)`` asks it.

A test waits for what it needs, never for a time: ``expect``, ``settled(page)``, ``was_said(page, words)`` and
``until`` look again and again, for longer than any machine takes. What must not happen is given a moment to.
"""

import html
import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import pytest
import urllib3
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Route,
    expect,
    sync_playwright,
)

from tools import chromium, place
from tools import stack as stacks
from tools.stack import Stack

Language = Literal["en", "es"]
Scheme = Literal["light", "dark"]
WIDE: Final = 1280
PHONE: Final = 320
"""CSS pixels: what WCAG 1.4.10 asks for."""
_BETWEEN: Final = (640, 768, 1024)
"""Tablets, and half a window."""
HEIGHT: Final = 900
PATIENCE_MS: Final = 60_000
"""The emulator's functions start cold, several at once, on a machine that may be busy."""
BY_QUEUE_MS: Final = 180_000
"""For what goes over queues."""
_LOOK_MS: Final = 50
"""Between two looks."""
expect.set_options(timeout=PATIENCE_MS)
_AXE: Final = place.ROOT / "console" / "node_modules" / "axe-core" / "axe.min.js"
_RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_SCROLLS_SIDEWAYS: Final = """() =>
    document.documentElement.scrollWidth > window.innerWidth ||
    [...document.querySelectorAll('[role=dialog], [role=alertdialog]')].some(
        (dialog) => dialog.scrollWidth > dialog.clientWidth,
    )
"""
_DOUBLE: Final = """() => {
    const root = document.documentElement;
    const before = root.style.fontSize;
    root.style.fontSize = `${2 * parseFloat(getComputedStyle(root).fontSize)}px`;
    return before;
}"""
# Chromium's own lines about what a test has asked for: answers 404, 403, 412, a connection that ends, none.
_EXPECTED: Final = re.compile(
    r"Failed to load resource: (the server responded with a status of 4\d\d|"
    r"net::ERR_(CONNECTION_RESET|INTERNET_DISCONNECTED))"
)
# After these the console asks again by itself, and its person sees nothing of it.
_PASSES: Final = re.compile(r"Failed to load resource: the server responded with a status of 50[234]")
_PASSED: Final[list[str]] = []
"""Told at the end: of few nobody needs to do anything, of many somebody does."""
_UNUSED: Final = re.compile(r"/settings\.json was preloaded using link preload but not used")
_ON_THEIR_WAY: Final[dict[Page, set[Request]]] = {}
"""What each window has asked of the API and has no answer to."""
_BUSY: Final = ".loading, [aria-busy=true]"
# Each sentence is said in place of the one before, and two may come between two looks.
_LISTEN: Final = """
    window.said = [];
    new MutationObserver(() => {
        const now = document.querySelector('[role=status][aria-live]')?.textContent;
        if (now && now !== window.said.at(-1)) window.said.push(now);
    }).observe(document, {subtree: true, childList: true, characterData: true});
"""


class Visit(Protocol):
    """Sign in, in a window of its own."""

    def __call__(
        self,
        login: str,
        *,
        language: Language = "en",
        width: int = WIDE,
        scheme: Scheme = "light",
        path: str = "/",
    ) -> Page:
        """The page, signed in, at ``path``."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here needs the stack."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.stack)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was asked again: it fails no test, and is not kept quiet."""
    if _PASSED:
        terminalreporter.section(f"{len(_PASSED)} answers of the API after which the console asked again")
        for line in _PASSED:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def stack() -> Stack:
    """The stack, as the API's clients meet it."""
    return stacks.running()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all; each window is a person's own."""
    executable = chromium.path()
    sandbox = [] if os.geteuid() else ["--no-sandbox"]  # which Chromium refuses to root
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=executable, args=[*sandbox, "--disable-background-networking"]
        )
        yield launched
        launched.close()


@pytest.fixture
def visit(browser: Browser, stack: Stack, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Open windows, and look at the end that none has complained."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"} or _EXPECTED.search(message.text):
            return
        where = message.location["url"]
        if _PASSES.search(message.text) and "/api/" in where:
            _PASSED.append(f"{request.node.nodeid}: {message.text} {where}")
        elif not _leaves_settings_unused(message):
            complaints.append(message.text)

    def open_(
        login: str,
        *,
        language: Language = "en",
        width: int = WIDE,
        scheme: Scheme = "light",
        path: str = "/",
    ) -> Page:
        context = browser.new_context(
            locale={"en": "en-US", "es": "es-MX"}[language],
            color_scheme=scheme,
            viewport={"width": width, "height": HEIGHT},
            accept_downloads=True,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(_LISTEN)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        _watch(page)
        sign_in(page, stack, login, path)
        return page

    yield open_
    for context in contexts:
        with suppress(Exception):  # a test may have closed it
            # What still fetches for a page would fail with it, and in the next test.
            context.unroute_all(behavior="ignoreErrors")
            for page in context.pages:
                page.unroute_all(behavior="ignoreErrors")
            context.close()
    _ON_THEIR_WAY.clear()
    assert not complaints, complaints


def _leaves_settings_unused(message: ConsoleMessage) -> bool:
    """The window of a second sign-in needs none; Chromium says so where it stays open for seconds."""
    return bool(_UNUSED.search(message.text)) and message.page is not None and ";again" in message.page.url


def _watch(page: Page) -> None:
    """Note what it asks of the API, until that has ended."""
    on_their_way = _ON_THEIR_WAY[page] = set()

    def asked(request: Request) -> None:
        if request.is_navigation_request():
            on_their_way.clear()  # the page that waited for them goes
        elif "/api/" in request.url:
            on_their_way.add(request)

    def ended(request: Request) -> None:
        on_their_way.discard(request)

    page.on("request", asked)
    page.on("requestfinished", ended)
    page.on("requestfailed", ended)


def until(page: Page, found: Callable[[], object], what: str, within_ms: int = PATIENCE_MS) -> None:
    """Look again and again until it is so: at what a test keeps of a page, which ``expect`` cannot see."""
    ends = time.monotonic() + within_ms / 1000
    while not found():
        assert time.monotonic() < ends, f"Waited {within_ms / 1000:.0f} s for {what}, in vain."
        page.wait_for_timeout(_LOOK_MS)


def settled(page: Page) -> None:
    """All that the page has asked of the API has been answered, and the page says so."""

    def is_still() -> bool:
        return not _ON_THEIR_WAY.get(page) and page.locator(_BUSY).count() == 0

    def stays_still() -> bool:
        if not is_still():
            return False
        page.wait_for_timeout(_LOOK_MS)  # an answer may lead to another question
        return is_still()

    until(page, stays_still, "the page to settle")


def was_said(page: Page, words: str) -> None:
    """A screen reader was told this, whatever it was told since."""
    until(page, lambda: any(words in said for said in page.evaluate("window.said")), f"{words!r} to be said")


def changed(route: Route, change: Callable[[dict[str, Any]], None]) -> None:
    """The API's answer, but for a change; one that is no answer as it is, so that it is asked again."""
    answer = route.fetch()
    if answer.status != 200:
        route.fulfill(response=answer)
        return
    shown: dict[str, Any] = answer.json()
    change(shown)
    route.fulfill(json=shown)


def tell_seconds(capsys: pytest.CaptureFixture[str], what: str, seconds: float) -> None:
    """Printed, never asserted: it depends on the machine."""
    with capsys.disabled():
        print(f" {what} after {seconds:.2f} s ", end="")


def sign_in(page: Page, stack: Stack, login: str, path: str = "/") -> None:
    """As a person does: the console leads to the pool's page, which leads back."""
    page.goto(f"{stack.console_url}{path}")
    page.locator("input[name=username]").fill(login)
    page.locator("input[name=password]").fill(stack.password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(f"{stack.console_url}{path}")
    page.locator("h1").wait_for()


def remembered(page: Page, stack: Stack, login: str) -> None:
    """From now on the pool knows who this is, as Cognito does by a cookie, which MiniStack 1.5.33 has not."""

    def straight_back(route: Route) -> None:
        route.fulfill(status=302, headers={"location": back(stack, login, route.request.url)})

    page.context.route(f"{stack.endpoint_url}/oauth2/authorize*", straight_back)


def back(stack: Stack, login: str, asked: str) -> str:
    """Where the pool leads who signs in at the address that the console asked it at."""
    pool = urllib3.PoolManager()
    form = pool.request("GET", asked)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.data.decode()))
    signed_in = pool.request(
        "POST",
        f"{stack.endpoint_url}/login",
        fields={name: html.unescape(value) for name, value in hidden.items()}
        | {"username": login, "password": stack.password},
        encode_multipart=False,
        redirect=False,
    )
    return signed_in.headers["location"]


@pytest.fixture(scope="session")
def accessible() -> Callable[[Page], None]:
    """Axe finds nothing on the page once it has settled, in this colour scheme and in the other one."""

    def look(page: Page) -> None:
        settled(page)
        page.evaluate(_AXE.read_text())  # by the debugger's door: the page's own policy lets no script in
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found = page.evaluate(
                "values => axe.run(document, {runOnly: {type: 'tag', values}, resultTypes: ['violations']})",
                _RULES,
            )
            assert _in_short(found) == [], f"{scheme}: {json.dumps(_in_short(found), indent=1)}"
        _look_how_it_fits(page)

    return look


def _look_how_it_fits(page: Page) -> None:
    """It scrolls sideways at no width, nor with text of twice its size (WCAG 1.4.10 and 1.4.4)."""
    size = page.viewport_size
    assert size is not None
    for width in (*_BETWEEN, WIDE) if size["width"] == WIDE else (size["width"],):
        page.set_viewport_size({"width": width, "height": size["height"]})
        assert not _scrolls_sideways(page), f"{width} pixels wide"
    before = page.evaluate_handle(_DOUBLE)
    assert not _scrolls_sideways(page), "with text of twice its size"
    before.evaluate("size => { document.documentElement.style.fontSize = size }")


def _scrolls_sideways(page: Page) -> bool:
    """The page, or a dialog on it."""
    return bool(page.evaluate(_SCROLLS_SIDEWAYS))


def _in_short(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"rule": one["id"], "help": one["help"], "nodes": [node["html"][:200] for node in one["nodes"]]}
        for one in found["violations"]
    ]


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where screenshots for docs/ go."""
    folder = place.ROOT / "docs" / "console"
    folder.mkdir(exist_ok=True)
    return folder
