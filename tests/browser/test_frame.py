"""Around the pages: signing in and out, languages, deep links, what is not there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, WIDE, Language, Visit, remembered
from tools.stack import Stack


@pytest.mark.parametrize(("width", "language"), [(WIDE, "en"), (PHONE, "es")])
def test_a_page_that_does_not_exist_says_so_and_leads_back(
    visit: Visit, accessible: Callable[[Page], None], width: int, language: Language
) -> None:
    page = visit("user_manager", path="/nowhere", width=width, language=language)
    words = {
        "en": ("Page not found", "Go to the first page"),
        "es": ("Página no encontrada", "Ir a la primera página"),
    }
    heading, link = words[language]
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    accessible(page)
    page.get_by_role("link", name=link).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(heading)


def test_who_chooses_a_language_gets_every_word_in_it_and_finds_it_again(visit: Visit, stack: Stack) -> None:
    page = visit("user_manager", path="/nowhere")
    remembered(page, stack, "user_manager")
    page.get_by_role("button", name="Español").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Página no encontrada")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Página no encontrada")


def test_a_reload_asks_for_no_password_again_and_stays_where_it_was(visit: Visit, stack: Stack) -> None:
    page = visit("user_manager", path="/nowhere")
    remembered(page, stack, "user_manager")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    expect(page).to_have_url(f"{stack.console_url}/nowhere")


def test_no_token_is_kept_where_another_page_or_person_could_read_it(visit: Visit) -> None:
    page = visit("user_manager")
    kept = page.evaluate("JSON.stringify({...localStorage, ...sessionStorage}) + document.cookie")
    assert "token" not in kept
    assert "eyJ" not in kept  # how a JWT begins


def test_who_is_signed_in_anew_in_another_window_goes_on_with_what_they_were_doing(
    visit: Visit, stack: Stack, accessible: Callable[[Page], None]
) -> None:
    page = visit("user_manager")
    page.route("**/oauth2/token", lambda route: route.fulfill(status=400, json={"error": "invalid_grant"}))
    page.route("**/api/**", lambda route: route.fulfill(status=401, json={"message": "Unauthorized"}))
    page.get_by_role("button", name="Español").click()  # which asks the API anew
    dialog = page.get_by_role("alertdialog", name="Su sesión ha terminado")
    expect(dialog).to_be_visible()
    accessible(page)
    page.unroute_all()
    with page.expect_popup() as opened:
        dialog.get_by_role("button", name="Iniciar sesión de nuevo").click()
    window = opened.value
    window.locator("input[name=username]").fill("user_manager")
    window.locator("input[name=password]").fill(stack.password)
    window.locator("input[name=password]").press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Cerrar sesión")).to_be_visible()


def test_somebody_else_who_signs_in_there_starts_anew(visit: Visit, stack: Stack) -> None:
    page = visit("user_manager")
    page.route("**/oauth2/token", lambda route: route.fulfill(status=400, json={"error": "invalid_grant"}))
    page.route("**/api/**", lambda route: route.fulfill(status=401, json={"message": "Unauthorized"}))
    page.get_by_role("button", name="Español").click()
    expect(page.get_by_role("alertdialog")).to_be_visible()
    page.unroute_all()
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Iniciar sesión de nuevo").click()
    window = opened.value
    window.locator("input[name=username]").fill("teacher")
    window.locator("input[name=password]").fill(stack.password)
    window.locator("input[name=password]").press("Enter")
    expect(page.get_by_role("alertdialog", name="Otra persona ha iniciado sesión")).to_be_visible()


def test_who_signs_out_has_to_sign_in_again(visit: Visit) -> None:
    page = visit("teacher", path="/nowhere")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("input[name=password]")).to_be_visible()
