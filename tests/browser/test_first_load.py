"""How much a browser loads before the first page can be used; how long a person takes on a slow network."""

import gzip
import json
import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest
from playwright.sync_api import CDPSession, expect

from tests.browser.conftest import Visit, back, tell_seconds
from tools import place
from tools.stack import Stack

_BUILT: Final = place.ROOT / "console" / "dist"
_LIMIT_BYTES: Final = 150 * 1024
_FAST_3G: Final = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 200_000,
    "uploadThroughput": 96_000,
}
"""150 ms, 1.6 Mbit/s down and 768 kbit/s up: WebPageTest's "3G Fast"; here in bytes a second."""


def _first_page() -> Iterator[str]:
    """The files of the entry, of the page that finds people, and of their English words."""
    manifest: dict[str, Any] = json.loads((_BUILT / ".vite" / "manifest.json").read_text())
    wanted = [
        "index.html",
        "src/features/find/index.ts",
        "src/words/en.po",
        "src/features/find/words/en.po",
    ]
    seen: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        part = manifest[name]
        wanted += part.get("imports", [])
        yield part["file"]
        yield from part.get("css", [])


def test_the_first_load_is_at_most_150_kb_of_compressed_script_and_style(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """By gzip, which every browser takes; by Brotli it is less."""
    sizes = {file: len(gzip.compress((_BUILT / file).read_bytes(), 6)) for file in set(_first_page())}
    with capsys.disabled():
        print(f" first load {sum(sizes.values()) / 1024:.1f} KB ", end="")
    assert sum(sizes.values()) <= _LIMIT_BYTES, sizes


@pytest.mark.parametrize("comes", ["for the first time", "again"])
def test_a_person_by_their_address_on_a_slow_network(
    visit: Visit, stack: Stack, capsys: pytest.CaptureFixture[str], comes: str
) -> None:
    """Printed, not asserted: it depends on the machine. The pool knows already who this is."""
    page = visit("user_manager")
    devtools = page.context.new_cdp_session(page)
    _know(devtools, stack, "user_manager")
    if comes == "for the first time":
        devtools.send("Network.clearBrowserCache")
    devtools.send("Network.emulateNetworkConditions", _FAST_3G)
    began = time.monotonic()
    page.goto(f"{stack.console_url}/users/{stack.users['shared_guardian'].user_id}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Delgado")
    tell_seconds(capsys, f"a person by their address, {comes}", time.monotonic() - began)


def _know(devtools: CDPSession, stack: Stack, login: str) -> None:
    """As ``remembered``, with the files that the browser keeps: Playwright's routes turn its cache off."""

    def straight_back(paused: Mapping[str, Any]) -> None:
        where = back(stack, login, paused["request"]["url"])
        devtools.send(
            "Fetch.fulfillRequest",
            {
                "requestId": paused["requestId"],
                "responseCode": 302,
                "responseHeaders": [{"name": "location", "value": where}],
            },
        )

    devtools.on("Fetch.requestPaused", straight_back)
    devtools.send("Fetch.enable", {"patterns": [{"urlPattern": f"{stack.endpoint_url}/oauth2/authorize*"}]})


def test_a_person_who_was_looked_for_on_a_slow_network(
    visit: Visit, capsys: pytest.CaptureFixture[str]
) -> None:
    """Printed, not asserted: from the search, as most people come."""
    page = visit("user_manager")
    page.get_by_role("searchbox").fill("maria delgado")
    found = page.get_by_role("link", name="María Delgado")
    found.wait_for()
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", _FAST_3G)
    began = time.monotonic()
    found.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Delgado")
    tell_seconds(capsys, "a person from the search", time.monotonic() - began)
