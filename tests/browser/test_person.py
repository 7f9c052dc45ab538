"""A person's page: who can be reached, why not, what to do, the reset, and what came of it."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from reachable.model.people import RosterKind, id_of
from tests.browser.conftest import BY_QUEUE_MS, PHONE, WIDE, Visit, was_said
from tests.stack.people import Person, person
from tools import webhook_posts
from tools.stack import Stack

_SOON: Final = BY_QUEUE_MS


def _user_id(sourced_id: str) -> str:
    return id_of(RosterKind.USER, sourced_id)


@pytest.fixture
def guardian(stack: Stack) -> Iterator[Person]:
    """Kavitha Raman, who shares neither her email nor her phone."""
    yield from person(stack, _user_id("gua-010"))


@pytest.fixture
def sharer(stack: Stack) -> Iterator[Person]:
    """María Delgado, whose phone is also that of Maria Ortega and Rafael Delgado."""
    yield from person(stack, stack.users["shared_guardian"].user_id)


def bounce(stack: Stack, one: Person) -> None:
    """A mail of now to somebody comes back for good."""
    message = webhook_posts.ses_bounce(one.address("email"), datetime.now(UTC))
    stack.aws.sns.publish(TopicArn=stack.topics["ses"], Message=message)
    stack.wait_until(lambda: one.when_bad("email"), "the bounce")


def complain(stack: Stack, one: Person) -> None:
    """Somebody marks a mail as junk."""
    told = json.loads(webhook_posts.ses_bounce(one.address("email"), datetime.now(UTC)))
    bounced = told.pop("bounce")
    told["notificationType"] = "Complaint"
    told["complaint"] = {
        "complaintFeedbackType": "abuse",
        "complainedRecipients": [{"emailAddress": one.address("email")}],
        "timestamp": bounced["timestamp"],
        "feedbackId": bounced["feedbackId"],
    }
    stack.aws.sns.publish(TopicArn=stack.topics["ses"], Message=json.dumps(told))
    stack.wait_until(lambda: one.when_bad("email"), "the complaint")


def dead_number(stack: Stack, one: Person) -> None:
    """The phone company says that there is no such number."""
    fields = {
        "SmsStatus": "undelivered",
        "MessageStatus": "undelivered",
        "ErrorCode": "30005",
        "To": one.address("phone"),
    }
    assert webhook_posts.twilio(stack, fields).status == 200
    stack.wait_until(lambda: one.when_bad("phone"), "the failed text")


def text(stack: Stack, one: Person, word: str) -> None:
    """Somebody answers a text message with a word."""
    fields = {"SmsStatus": "received", "From": one.address("phone"), "Body": word}
    assert webhook_posts.twilio(stack, fields).status == 200


@pytest.fixture
def stopped(stack: Stack, guardian: Person) -> Iterator[Person]:
    """She has replied STOP, which only her own START lifts: she texts it at the end."""
    text(stack, guardian, "STOP")
    stack.wait_until(lambda: guardian.when_bad("phone"), "the STOP")
    yield guardian
    text(stack, guardian, "START")
    stack.wait_until(lambda: guardian.when_good("phone"), "the START")


def card(page: Page, kind: str) -> Locator:
    """What is told of an email or a phone."""
    return page.get_by_role("region", name=re.compile(rf"^{kind}: "))


WORDS: Final[dict[str, dict[str, Any]]] = {
    "en": {
        "email": "Email",
        "phone": "Phone",
        "bad": "Bad: nothing is sent",
        "why": "This email address does not exist.",
        "fix": "Correct the email address in the student information system first",
        "reset": "Reset Status",
        "note": "Note (optional)",
        "did": "What the reset did",
        "opened": "Email: opened here.",
        "good": "Good",
        "by": "Status reset",
    },
    "es": {
        "email": "Correo electrónico",
        "phone": "Teléfono",
        "bad": "Malo: no se envía nada",
        "why": "Esta dirección de correo no existe.",
        "fix": "Corrija primero",
        "reset": "Restablecer estado",
        "note": "Nota (opcional)",
        "did": "Resultado del restablecimiento",
        "opened": "Correo electrónico: abierto aquí.",
        "good": "Bueno",
        "by": "Estado restablecido",
    },
}


@pytest.mark.parametrize(
    ("login", "language", "width"),
    [
        ("user_manager", "en", WIDE),
        ("rostering_administrator", "es", PHONE),
        ("communications_administrator", "en", PHONE),
    ],
)
def test_who_may_reset_learns_why_and_what_to_do_resets_and_sees_what_it_did(
    visit: Visit,
    accessible: Callable[[Page], None],
    stack: Stack,
    guardian: Person,
    login: str,
    language: Any,
    width: int,
) -> None:
    bounce(stack, guardian)
    told = WORDS[language]
    page = visit(login, language=language, width=width, path=f"/users/{guardian.user_id}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kavitha Raman")
    email = card(page, told["email"])
    expect(email).to_contain_text(told["bad"])
    expect(email).to_contain_text(told["why"])
    expect(email).to_contain_text(told["fix"])
    expect(email.get_by_text("550 5.1.1 user unknown").first).to_be_hidden()
    accessible(page)

    email.get_by_role("button", name=told["reset"]).click()
    dialog = page.get_by_role("dialog", name=told["reset"])
    expect(dialog).to_contain_text(told["fix"])
    accessible(page)
    dialog.get_by_label(told["note"]).fill("She told us by phone.")
    dialog.get_by_role("button", name=told["reset"]).click()
    answer = page.get_by_role("region", name=told["did"])
    expect(answer).to_contain_text(told["opened"], timeout=_SOON)
    expect(page.get_by_role("heading", name=told["did"])).to_be_focused()
    was_said(page, told["opened"])
    expect(email).to_contain_text(told["good"], timeout=_SOON)
    expect(page.get_by_role("listitem").filter(has_text=told["by"]).first).to_contain_text(
        "She told us by phone.", timeout=_SOON
    )
    accessible(page)
    assert guardian.when_good("email")
    assert "raman" not in page.title().casefold()
    assert "raman" not in page.url.casefold()


def test_the_release_at_the_provider_goes_on_in_sight(visit: Visit, stack: Stack, guardian: Person) -> None:
    bounce(stack, guardian)
    page = visit("user_manager", path=f"/users/{guardian.user_id}")
    card(page, "Email").get_by_role("button", name="Reset Status").click()
    page.get_by_role("dialog").get_by_role("button", name="Reset Status").click()
    answer = page.get_by_role("region", name="What the reset did")
    expect(answer).to_contain_text("Amazon SES: Taken off its list", timeout=_SOON)


def test_who_shares_it_is_named_before_it_is_opened_for_them_too(
    visit: Visit, stack: Stack, sharer: Person
) -> None:
    dead_number(stack, sharer)
    page = visit("user_manager", path=f"/users/{sharer.user_id}")
    phone = card(page, "Phone")
    expect(phone).to_contain_text("Shared with")
    expect(phone.get_by_role("link", name="Maria Ortega")).to_be_visible()
    phone.get_by_role("button", name="Reset Status").click()
    dialog = page.get_by_role("dialog", name="Reset Status")
    expect(dialog).to_contain_text("Maria Ortega and Rafael Delgado")
    expect(dialog).to_contain_text("It opens for them, too.")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(phone.get_by_role("button", name="Reset Status")).to_be_focused()


def test_what_came_back_within_days_is_said_before_a_second_reset(
    visit: Visit, stack: Stack, guardian: Person
) -> None:
    bounce(stack, guardian)
    assert guardian.reset("email")["outcome"] == "reset"
    stack.wait_until(lambda: guardian.when_good("email"), "the reset")
    bounce(stack, guardian)
    page = visit("user_manager", path=f"/users/{guardian.user_id}")
    card(page, "Email").get_by_role("button", name="Reset Status").click()
    expect(page.get_by_role("dialog")).to_contain_text("failed within days of a reset")


def test_a_complaint_is_opened_with_consent_alone_which_is_asked_for_in_two_fields(
    visit: Visit, accessible: Callable[[Page], None], stack: Stack, guardian: Person
) -> None:
    complain(stack, guardian)
    page = visit("user_manager", width=PHONE, path=f"/users/{guardian.user_id}")
    card(page, "Email").get_by_role("button", name="Reset Status").click()
    dialog = page.get_by_role("dialog", name="Reset Status")
    dialog.get_by_role("button", name="Reset Status").click()
    whom = dialog.get_by_label("Who says that messages may come again?")
    expect(whom).to_be_focused()
    expect(dialog).to_contain_text("Say who gave their consent.")
    accessible(page)
    whom.fill("Kavitha Raman")
    dialog.get_by_label("How did they say so?").fill("By phone today")
    dialog.get_by_role("button", name="Reset Status").click()
    expect(page.get_by_role("region", name="What the reset did")).to_contain_text(
        "Email: opened here.", timeout=_SOON
    )
    reset = next(event for event in guardian.events("email") if event["kind"] == "reset")
    assert reset["consent"] == {"from": "Kavitha Raman", "how": "By phone today"}


def test_a_stop_is_refused_with_the_advice_to_text_start(visit: Visit, stopped: Person) -> None:
    page = visit("user_manager", path=f"/users/{stopped.user_id}")
    phone = card(page, "Phone")
    expect(phone).to_contain_text("Bad, but open for: Phone call")
    phone.get_by_role("button", name="Reset Status").click()
    page.get_by_role("dialog").get_by_role("button", name="Reset Status").click()
    answer = page.get_by_role("region", name="What the reset did")
    expect(answer).to_contain_text("Phone: not opened.", timeout=_SOON)
    expect(answer).to_contain_text("ask them to text START to")


def test_one_of_two_bad_ones_is_chosen(visit: Visit, stack: Stack, guardian: Person) -> None:
    bounce(stack, guardian)
    dead_number(stack, guardian)
    page = visit("user_manager", path=f"/users/{guardian.user_id}")
    expect(page.get_by_text("Cannot be reached")).to_have_count(2)  # the menu has a list of that name
    card(page, "Phone").get_by_role("button", name="Reset Status").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("checkbox", name="Phone")).to_be_checked()
    expect(dialog.get_by_role("checkbox", name="Email")).not_to_be_checked()
    dialog.get_by_role("checkbox", name="Phone").uncheck()
    dialog.get_by_role("button", name="Reset Status").click()
    expect(dialog).to_contain_text("Choose at least one.")
    dialog.get_by_role("checkbox", name="Phone").check()
    dialog.get_by_role("button", name="Reset Status").click()
    expect(page.get_by_role("region", name="What the reset did")).to_contain_text(
        "Phone: opened here.", timeout=_SOON
    )
    assert guardian.when_bad("email")


def test_what_changed_meanwhile_is_shown_before_it_is_pressed_again(
    visit: Visit, accessible: Callable[[Page], None], stack: Stack, guardian: Person
) -> None:
    bounce(stack, guardian)
    page = visit("user_manager", path=f"/users/{guardian.user_id}")
    card(page, "Email").get_by_role("button", name="Reset Status").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Note (optional)").fill("Typed before.")
    dead_number(stack, guardian)
    dialog.get_by_role("button", name="Reset Status").click()
    expect(dialog).to_contain_text("Something has changed here since you looked", timeout=_SOON)
    expect(dialog).to_contain_text("Phone: before, good; now, bad, nothing open.")
    expect(dialog).to_contain_text("does not exist or is no longer in service")
    expect(dialog.get_by_label("Note (optional)")).to_have_value("Typed before.")
    accessible(page)
    assert guardian.when_bad("email")  # nothing was reset
    dialog.get_by_role("button", name="Reset Status").click()
    expect(page.get_by_role("region", name="What the reset did")).to_contain_text(
        "Email: opened here.", timeout=_SOON
    )


def test_where_no_answer_came_it_is_looked_at_before_anybody_repeats_it(
    visit: Visit, stack: Stack, guardian: Person
) -> None:
    bounce(stack, guardian)
    page = visit("user_manager", path=f"/users/{guardian.user_id}")

    def done_and_lost(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route("**/api/users/*/reset", done_and_lost)
    card(page, "Email").get_by_role("button", name="Reset Status").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Reset Status").click()
    expect(dialog).to_contain_text("it is not known whether it was done", timeout=_SOON)
    expect(dialog).to_contain_text("Email: before, bad, nothing open; now, good.", timeout=_SOON)
    expect(dialog).to_contain_text("There is nothing left to reset.")


def test_a_double_press_resets_once(visit: Visit, stack: Stack, guardian: Person) -> None:
    bounce(stack, guardian)
    page = visit("user_manager", path=f"/users/{guardian.user_id}")
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.url.endswith("/reset") else None)
    card(page, "Email").get_by_role("button", name="Reset Status").click()
    page.get_by_role("dialog").get_by_role("button", name="Reset Status").dblclick()
    expect(page.get_by_role("region", name="What the reset did")).to_be_visible(timeout=_SOON)
    assert len(sent) == 1
    assert sent[0].headers["if-match"]


@pytest.mark.parametrize(("language", "width"), [("en", WIDE), ("es", PHONE)])
def test_a_number_is_marked_bad_on_a_parents_word_with_a_note(
    visit: Visit,
    accessible: Callable[[Page], None],
    stack: Stack,
    guardian: Person,
    language: Any,
    width: int,
) -> None:
    words = {
        "en": (
            "Phone",
            "Mark as bad",
            "Write down why",
            "Note",
            "Texts only",
            "Bad, but open for: Phone call",
        ),
        "es": (
            "Teléfono",
            "Marcar como malo",
            "Escriba por qué",
            "Nota",
            "Solo textos",
            "Malo, pero abierto para: Llamada",
        ),
    }
    kind, mark, missing, note, channel, standing = words[language]
    page = visit("user_manager", language=language, width=width, path=f"/users/{guardian.user_id}")
    phone = card(page, kind)
    phone.get_by_role("button", name=mark).click()
    dialog = page.get_by_role("dialog", name=mark)
    dialog.get_by_role("button", name=mark).click()
    expect(dialog).to_contain_text(missing)
    expect(dialog.get_by_label(note)).to_be_focused()
    accessible(page)
    dialog.get_by_label(note).fill("Her mother said so.")
    dialog.get_by_role("combobox").select_option(label=channel)
    dialog.get_by_role("button", name=mark).click()
    expect(phone).to_contain_text(standing, timeout=_SOON)
    expect(phone.get_by_role("button", name=mark)).to_be_focused()
    assert guardian.events("phone")[0]["note"] == "Her mother said so."


@pytest.mark.parametrize(
    ("login", "language", "width"), [("school_staff", "en", WIDE), ("teacher", "es", PHONE)]
)
def test_who_may_see_less_gets_a_page_without_holes(
    visit: Visit, accessible: Callable[[Page], None], stack: Stack, login: str, language: Any, width: int
) -> None:
    [one] = list(_shown_to(stack, login))
    page = visit(login, language=language, width=width, path=f"/users/{one}")
    expect(page.get_by_role("region").first).to_be_visible()
    expect(page.get_by_role("button", name=WORDS[language]["reset"])).to_have_count(0)
    hidden = {"en": "What is not shown", "es": "Lo que no se muestra"}[language]
    expect(page.get_by_role("heading", name=hidden)).to_be_visible()
    accessible(page)


def _shown_to(stack: Stack, login: str) -> Iterator[str]:
    found = stack.api("POST", "/users/search", {"role": "guardian"}, stack.token(login))
    yield found.body["items"][0]["id"]


def test_a_guardian_is_told_that_these_pages_are_for_staff(visit: Visit, guardian: Person) -> None:
    page = visit("guardian", path=f"/users/{guardian.user_id}")
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is not for you")


def test_somebody_out_of_scope_is_not_there(visit: Visit, guardian: Person) -> None:
    page = visit("school_staff", path=f"/users/{guardian.user_id}")
    expect(page.get_by_role("heading", level=1)).to_have_text("No such person here")


@pytest.fixture
def invited(stack: Stack) -> Iterator[Person]:
    """Brigid Hartigan, who has not accepted the invitation."""
    yield from person(stack, stack.users["pending_guardian"].user_id)


def test_a_pending_account_is_reminded_and_not_twice_a_day(visit: Visit, invited: Person) -> None:
    page = visit("user_manager", path=f"/users/{invited.user_id}")
    page.route(
        "**/api/users/*/reminders",
        lambda route: route.fulfill(status=202, json={"message_id": "m"}),
        times=1,
    )
    button = page.get_by_role("button", name="Send a reminder")
    button.click()
    expect(page.get_by_role("main").get_by_text("A reminder is on its way.")).to_be_visible()
    page.route(
        "**/api/users/*/reminders",
        lambda route: route.fulfill(
            status=429,
            headers={"content-type": "application/problem+json", "retry-after": "30000"},
            json={
                "type": "about:blank",
                "title": "Too many",
                "status": 429,
                "detail": "A reminder went today.",
            },
        ),
    )
    button.click()
    expect(page.get_by_role("alert")).to_have_text("A reminder went today.")


def test_messages_and_what_happened_are_one_list_newest_first_a_page_at_a_time(
    visit: Visit, accessible: Callable[[Page], None], stack: Stack, guardian: Person
) -> None:
    wishes = [
        {
            "user_id": guardian.user_id,
            "channel": "email",
            "subject": f"Bulletin {number}",
            "text": "Doors open at six.",
            "dedup_id": f"timeline-{uuid4()}",
        }
        for number in range(30)
    ]
    assert stack.api("POST", "/messages", {"messages": wishes}, guardian.machine).status == 202
    mark = {"credential": "phone", "ground": "manual", "note": "Marked afterwards."}
    answer = stack.api("POST", f"/users/{guardian.user_id}/blocks", mark, guardian.staff)
    assert answer.status == 200, answer.body
    page = visit("user_manager", path=f"/users/{guardian.user_id}")
    entries = page.get_by_role("region", name="Messages and what became of them").get_by_role("list").first
    first = entries.locator("> li").first
    expect(first).to_contain_text("Marked bad by hand", timeout=_SOON)
    expect(first).to_contain_text("Marked afterwards.")
    page.get_by_label("Show").select_option(label="Text message")
    expect(entries.locator("> li").filter(has_text="Bulletin")).to_have_count(0)
    expect(first).to_contain_text("Marked bad by hand")
    page.get_by_label("Show").select_option(label="Everything")
    bulletins = entries.locator("> li").filter(has_text="Bulletin")
    expect(bulletins).not_to_have_count(0)
    before = bulletins.count()
    assert before < 30  # the rest would come among them
    page.get_by_role("button", name="Show more").click()
    expect(bulletins.nth(before)).to_be_visible(timeout=_SOON)
    expect(page.locator("li:focus")).to_be_visible()
    times = page.locator("ol > li > p > time").evaluate_all("times => times.map(time => time.dateTime)")
    moments = [datetime.fromisoformat(time) for time in times]
    assert moments == sorted(moments, reverse=True)
    accessible(page)


@pytest.mark.parametrize(("language", "width"), [("en", WIDE), ("es", PHONE)])
def test_a_students_family_can_be_reached_or_not_at_a_glance(
    visit: Visit,
    accessible: Callable[[Page], None],
    stack: Stack,
    sharer: Person,
    language: Any,
    width: int,
) -> None:
    dead_number(stack, sharer)
    student = sharer.profile()["students"][0]["id"]
    page = visit("user_manager", language=language, width=width, path=f"/students/{student}")
    unreached = {"en": "Cannot be reached", "es": "Sin contacto posible"}[language]
    expect(page.get_by_role("row", name="Maria Ortega")).to_contain_text(unreached)
    accessible(page)
    page.get_by_role("link", name="Maria Ortega").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Maria Ortega")
