"""The frame under attack: forged links, other tabs, languages at any moment, a build that is gone."""

import json
import re
from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, Route, expect

from tests.browser.conftest import PHONE, Visit, remembered, settled, until
from tools.stack import Stack

_ENGLISH = re.compile(
    r"Find a person|Name, full email|Arrow keys|What you look for|Sign out|Page not found|Menu"
)


class _Held:
    """These requests wait from now on, until they are let go; what comes then waits no more."""

    def __init__(self, page: Page, what: str | re.Pattern[str]) -> None:
        self.page = page
        self.routes: list[Route] | None = []
        page.route(what, self._hold)

    def wait_for_one(self) -> None:
        """One of them was sent."""
        until(self.page, lambda: self.routes, "a request to be held")

    def let_go(self) -> None:
        """All of them go on their way."""
        routes, self.routes = self.routes or [], None
        for route in routes:
            with suppress(Error):  # the page may want it no more
                route.continue_()

    def _hold(self, route: Route) -> None:
        if self.routes is None:
            route.continue_()
        else:
            self.routes.append(route)


def test_of_two_languages_chosen_at_once_the_last_one_is_shown_and_kept(visit: Visit) -> None:
    page = visit("user_manager", path="/nowhere")
    held = _Held(page, "**/assets/es-*.js")
    page.get_by_role("button", name="Español").click()
    held.wait_for_one()
    page.get_by_role("button", name="English").click()
    held.let_go()
    settled(page)
    page.wait_for_timeout(800)  # nor does the other language come after it
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    expect(page.get_by_role("button", name="English")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("localStorage.language ?? 'en'") == "en"


def test_a_page_that_loads_while_another_language_is_chosen_has_all_its_words(visit: Visit) -> None:
    """The page's part comes before its words, and the language is chosen in between."""
    page = visit("user_manager", path="/nowhere")
    held = _Held(page, "**/assets/es-*.js")
    page.get_by_role("button", name="Español").click()
    held.wait_for_one()
    with page.expect_response(re.compile(r"/assets/.*\.js$")):
        page.get_by_role("link", name="Go to the first page").click()
    page.wait_for_timeout(1000)  # for what else comes of the page before its words
    held.let_go()
    expect(page.get_by_role("heading", level=1)).to_have_text("Buscar a una persona o una clase")
    assert not _ENGLISH.search(page.locator("body").inner_text())


@pytest.mark.parametrize("path", ["/dashboard", "/me", "/unreachable"])
def test_a_page_whose_answers_are_on_their_way_changes_to_the_other_language_whole(
    visit: Visit, stack: Stack, path: str
) -> None:
    page = visit("district", path="/nowhere")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    held = _Held(page, re.compile(r"/api/"))
    page.evaluate("path => { history.pushState(null, '', path) }", path)
    page.wait_for_timeout(300)
    page.get_by_role("button", name="Español").click()
    page.wait_for_timeout(300)
    held.let_go()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("main").get_by_text("Cargando")).to_have_count(0)


def test_words_that_do_not_come_are_told_of_and_the_page_stays_as_it_was(
    visit: Visit, accessible: Callable[[Page], None]
) -> None:
    page = visit("user_manager", path="/nowhere", width=PHONE)
    page.route("**/assets/es-*.js", lambda route: route.fulfill(status=404, body=""))
    page.get_by_role("button", name="Español").click()
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    expect(page.get_by_role("button", name="English")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    accessible(page)
    page.unroute_all()


def test_a_page_of_a_build_that_is_gone_opens_by_itself_from_the_new_one(visit: Visit, stack: Stack) -> None:
    page = visit("user_manager", path="/nowhere")
    remembered(page, stack, "user_manager")

    def newer(route: Route) -> None:
        """What is there now; from here on its files are."""
        answer = route.fetch()
        page.unroute("**/assets/*-*.js")
        route.fulfill(
            response=answer, body=re.sub(r"/assets/index-[^\"]+\.js", "/assets/index-new.js", answer.text())
        )

    page.route("**/assets/*-*.js", lambda route: route.fulfill(status=404, body=""))
    page.route("**/index.html", newer)
    page.get_by_role("link", name="Go to the first page").click()
    expect(page.get_by_role("searchbox")).to_be_visible()


def test_a_part_that_did_not_come_for_want_of_a_network_comes_when_it_is_tried_again(
    visit: Visit, stack: Stack
) -> None:
    page = visit("user_manager", path="/nowhere")
    remembered(page, stack, "user_manager")
    page.route("**/assets/*-*.js", lambda route: route.abort("connectionreset"))
    page.get_by_role("link", name="Go to the first page").click()
    expect(page.get_by_role("alert")).to_contain_text("Look whether this device is connected")
    page.unroute_all()
    remembered(page, stack, "user_manager")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("searchbox")).to_be_visible()


def test_who_signs_out_in_one_tab_leaves_nothing_in_another(
    visit: Visit, stack: Stack, accessible: Callable[[Page], None]
) -> None:
    page = visit("user_manager", path="/nowhere")
    remembered(page, stack, "user_manager")
    other = page.context.new_page()
    other.goto(stack.console_url)
    other.get_by_role("searchbox").fill("delgado")
    other.get_by_role("link", name=re.compile("Delgado")).first.wait_for()
    page.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("You are signed out")
    assert "Delgado" not in other.content()
    assert "delgado" not in other.title().casefold()
    accessible(other)


def test_a_window_that_the_browser_does_not_open_is_told_of(
    visit: Visit, accessible: Callable[[Page], None]
) -> None:
    page = visit("user_manager")
    page.route("**/oauth2/token", lambda route: route.fulfill(status=400, json={"error": "invalid_grant"}))
    page.route("**/api/**", lambda route: route.fulfill(status=401, json={"message": "Unauthorized"}))
    page.get_by_role("button", name="Español").click()
    page.evaluate("window.open = () => null")
    page.get_by_role("button", name="Iniciar sesión de nuevo").click()
    expect(page.get_by_role("alert")).to_contain_text("El navegador no abrió la ventana")
    accessible(page)


@pytest.mark.parametrize("path", ["//evil.example/x", "/%5Cevil", "/javascript:alert(1)", "/users/a%2Fb"])
def test_a_link_with_a_hostile_path_signs_in_and_stays_on_this_origin(
    visit: Visit, stack: Stack, path: str
) -> None:
    if path.startswith("//"):
        page = visit("user_manager", path="/nowhere")
        remembered(page, stack, "user_manager")
        page.evaluate("path => { location.href = location.origin + path }", "//evil/x")
        page.wait_for_url(f"{stack.console_url}//evil/x")
    else:
        page = visit("user_manager", path=path)
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert page.url.startswith(stack.console_url)


def test_a_second_sign_in_that_was_given_up_is_not_said_to_be_done(visit: Visit, stack: Stack) -> None:
    page = visit("user_manager", path="/nowhere")
    page.add_init_script("window.close = () => undefined")  # as where the browser does not let it
    page.goto(f"{stack.console_url}/?error=access_denied&state=x;again")
    expect(page.get_by_text("You have not signed in")).to_be_visible()
    expect(page.get_by_text("No ha iniciado sesión")).to_be_visible()


def test_somebody_else_s_code_in_a_link_signs_nobody_in(visit: Visit, stack: Stack) -> None:
    page = visit("user_manager", path="/nowhere")
    page.add_init_script("window.close = () => undefined")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{stack.console_url}/users/x?code=theirs&state=forged;again")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_timeout(500)  # nothing is asked after it
    assert not [url for url in asked if "/oauth2/token" in url or "/api/" in url]
    assert page.get_by_role("button", name="Sign out").count() == 0


def test_the_arrows_choose_in_an_input_method_before_they_go_through_what_is_found(visit: Visit) -> None:
    page = visit("user_manager")
    box = page.get_by_role("searchbox")
    box.fill("delgado")
    page.get_by_role("link", name=re.compile("Delgado")).first.wait_for()
    box.focus()
    box.evaluate(
        "box => box.dispatchEvent(new KeyboardEvent('keydown', "
        "{key: 'ArrowDown', bubbles: true, cancelable: true, isComposing: true}))"
    )
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(box).not_to_be_focused()


def test_nothing_of_a_search_is_left_in_the_browser(visit: Visit) -> None:
    page = visit("user_manager")
    page.get_by_role("searchbox").fill("delgado")
    page.get_by_role("link", name=re.compile("Delgado")).first.click()
    page.wait_for_url("**/users/*")
    kept = page.evaluate(
        "JSON.stringify({...localStorage, ...sessionStorage}) + document.cookie + document.title"
    )
    assert "elgado" not in json.dumps(kept) + page.url
