"""What is held, and what a Communications Administrator decides about it."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import BY_QUEUE_MS, PHONE, WIDE, Language, Visit
from tools.calls import Answer
from tools.stack import Stack

_WHO: Final = "communications_administrator"
_PATIENCE_MS: Final = BY_QUEUE_MS


def _decide(stack: Stack, group: str, act: str, body: dict[str, Any] | None = None) -> None:
    answer = stack.api("POST", f"/batches/{group}/{act}", body, stack.token(_WHO))
    assert answer.status == 200, answer.body


def _send(stack: Stack, batch_id: str, *logins: str) -> list[str]:
    """An email of a batch to each; their messages."""
    messages = [
        {
            "user_id": stack.users[login].user_id,
            "channel": "email",
            "subject": "News",
            "text": "The concert is on Friday.",
            "batch_id": batch_id,
            "dedup_id": uuid4().hex,
        }
        for login in logins
    ]
    answer = stack.api("POST", "/messages", {"messages": messages}, stack.token("sends"))
    return [result["id"] for result in answer.body["results"]]


def _status(stack: Stack, message_id: str) -> str | None:
    """None where it cannot be had now."""
    answer = stack.api("GET", f"/messages/{message_id}", token=stack.token("sends"))
    return str(answer.body["status"]) if answer.status == 200 else None


def _is(stack: Stack, message_id: str, *statuses: str) -> None:
    stack.wait_until(lambda: _status(stack, message_id) in statuses, f"the message to be {statuses}")


@pytest.fixture(autouse=True)
def _good(stack: Stack) -> None:
    """Whatever a test left behind: the people here can be written to."""
    consent = {"consent": {"from": "A test", "how": "by itself"}}
    for login in ("guardian", "teacher"):
        stack.api("POST", f"/users/{stack.users[login].user_id}/reset", consent, stack.token("user_manager"))


@pytest.fixture
def holds(stack: Stack) -> Iterator[list[str]]:
    """Of these groups a test leaves none held, whatever becomes of it."""
    groups: list[str] = []
    yield groups
    for group in groups:
        if stack.api("GET", f"/batches/{group}", token=stack.token(_WHO)).body.get("state") == "held":
            _decide(stack, group, "drop")


@pytest.fixture
def newsletter(stack: Stack, holds: list[str]) -> tuple[str, list[str]]:
    """A batch that somebody holds, with two messages in it. Its id has a dot, as a file's name has."""
    batch_id = f"news.{uuid4().hex[:12]}"
    holds.append(batch_id)
    _decide(stack, batch_id, "hold", {"note": "The list is of last year."})
    ids = _send(stack, batch_id, "guardian", "teacher")
    for message_id in ids:
        _is(stack, message_id, "held")
    return batch_id, ids


@pytest.fixture
def many(stack: Stack, holds: list[str]) -> str:
    """A batch of which 1,895 wait, by its counts alone."""
    batch_id = f"many-{uuid4().hex[:12]}"
    holds.append(batch_id)
    stack.aws.dynamodb.update_item(
        TableName=stack.tables["messages"],
        Key={"entity": {"S": f"counts#{batch_id}#0"}, "item": {"S": "whole"}},
        UpdateExpression="SET queued = :all, sent = :sent, bounced_for_good = :bad, blocked_opt_out = :stop",
        ExpressionAttributeValues={
            ":all": {"N": "2000"},
            ":sent": {"N": "100"},
            ":bad": {"N": "12"},
            ":stop": {"N": "5"},
        },
    )
    _decide(stack, batch_id, "hold", {})
    return batch_id


def _rows(page: Page, of: str) -> Locator:
    return page.get_by_role("region", name=of).get_by_role("row")


def test_a_held_batch_is_found_and_let_go_on_and_its_messages_go_out(
    visit: Visit, stack: Stack, newsletter: tuple[str, list[str]], accessible: Callable[[Page], None]
) -> None:
    batch_id, ids = newsletter
    page = visit(_WHO)
    page.get_by_role("link", name="Held batches").click()
    row = _rows(page, "Held now").filter(has_text=batch_id)
    expect(row).to_contain_text("The list is of last year.")
    expect(row).to_contain_text("You")
    accessible(page)
    row.get_by_role("link", name=f"Batch {batch_id}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Batch {batch_id}")
    expect(page.get_by_text("Held: nothing goes out until somebody decides")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Let it go on…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("This concerns about 2 messages")
    accessible(page)
    dialog.get_by_role("button", name="Let it go on", exact=True).click()
    expect(page.get_by_text("It goes on. What was held is on its way.")).to_be_focused()
    expect(page.get_by_text("2 messages go out.")).to_be_visible(timeout=_PATIENCE_MS)
    expect(page.get_by_role("region", name="What became of what was held")).to_contain_text(
        "Done: nothing that was held is left.", timeout=_PATIENCE_MS
    )
    for message_id in ids:
        _is(stack, message_id, "sent", "delivered")


@pytest.mark.parametrize(("width", "language"), [(WIDE, "en"), (PHONE, "es")])
def test_of_many_messages_their_number_is_typed_before_they_are_dropped(
    visit: Visit, many: str, accessible: Callable[[Page], None], width: int, language: Language
) -> None:
    page = visit(_WHO, path=f"/held/{many}/", width=width, language=language)
    ask, sure, act, wrong, done = {
        "en": (
            "Drop what is held…",
            "Type 1,895",
            "Drop it for good",
            "That is not 1,895.",
            "It is dropped.",
        ),
        "es": (
            "Descartar lo retenido…",
            "Escriba",
            "Descartar definitivamente",
            "Eso no es",
            "Está descartado.",
        ),
    }[language]
    page.get_by_role("button", name=ask).click()
    dialog = page.get_by_role("alertdialog")
    dialog.get_by_role("button", name=act).click()
    expect(dialog.get_by_text(wrong)).to_be_visible()
    number = dialog.get_by_role("textbox", name=sure)
    expect(number).to_be_focused()
    accessible(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name=ask)).to_be_focused()
    page.keyboard.press("Enter")
    number.fill("1895")
    number.press("Enter")
    expect(page.get_by_text(done)).to_be_focused(timeout=_PATIENCE_MS)
    accessible(page)


def test_a_wrong_list_is_held_by_its_id_before_anything_of_it_has_come(
    visit: Visit, stack: Stack, holds: list[str], accessible: Callable[[Page], None]
) -> None:
    batch_id = f"wrong-{uuid4().hex[:12]}"
    holds.append(batch_id)
    page = visit(_WHO, path="/held")
    page.get_by_label("Id of the batch").fill(batch_id)
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_text("Nothing is known of a batch of this name.")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Hold…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Why (if you like)").fill("The wrong list.")
    dialog.get_by_role("button", name="Hold it").click()
    expect(page.get_by_text("It is held. Nothing goes out until somebody decides.")).to_be_focused()
    expect(page.get_by_text("The wrong list.")).to_be_visible()
    [message_id] = _send(stack, batch_id, "guardian")
    _is(stack, message_id, "held")


def test_a_person_s_address_never_gets_into_the_page_s_address(visit: Visit) -> None:
    page = visit(_WHO, path="/held")
    before = page.url
    for kind, label in (
        ("A batch of messages", "Id of the batch"),
        ("All email to a domain", "Email domain"),
    ):
        page.get_by_label("What is it?").select_option(kind)
        page.get_by_label(label).fill("ada@example.org")
        page.get_by_role("button", name="Look").click()
        expect(page.get_by_text("This is one person")).to_be_visible()
        expect(page.get_by_label(label)).to_be_focused()
        assert page.url == before


def test_the_page_of_a_domain_is_found_again_when_it_is_opened_anew(
    visit: Visit, stack: Stack, holds: list[str]
) -> None:
    """Its address has a dot in it, which whoever serves the console takes for a file's."""
    domain = f"d{uuid4().hex[:12]}.example.org"
    holds.append(f"domain:{domain}")
    _decide(stack, f"domain:{domain}", "hold", {})
    page = visit(_WHO, path="/held")
    page.get_by_role("link", name=f"All email to {domain}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"All email to {domain}")
    path = page.evaluate("location.pathname")
    again = visit(_WHO, path=path)
    expect(again.get_by_text("Held: nothing goes out until somebody decides")).to_be_visible()
    again.get_by_role("button", name="Drop what is held…").click()
    expect(again.get_by_role("alertdialog")).to_contain_text(
        "How many messages wait is known only once they go."
    )
    expect(again.get_by_role("textbox", name=f"Type {domain}")).to_be_visible()


def test_stopping_all_asks_whether_emergencies_go_out(
    visit: Visit, stack: Stack, accessible: Callable[[Page], None]
) -> None:
    def group() -> Answer:
        return stack.api("GET", "/batches/all", token=stack.token(_WHO))

    before = group().body
    page = visit(_WHO, path="/held")
    page.get_by_label("What is it?").select_option("All sending")
    page.get_by_role("button", name="Look").click()
    page.get_by_role("button", name="Hold…").click()
    dialog = page.get_by_role("dialog", name="All sending: hold it?")
    expect(dialog.get_by_role("radio", name="Go out all the same")).to_be_checked()
    expect(dialog.get_by_role("radio", name="Are stopped, too")).not_to_be_checked()
    accessible(page)
    dialog.get_by_role("button", name="Leave it as it is").click()
    expect(page.get_by_role("button", name="Hold…")).to_be_focused()
    assert group().body == before


def test_one_message_that_waits_is_cancelled(
    visit: Visit, newsletter: tuple[str, list[str]], accessible: Callable[[Page], None]
) -> None:
    batch_id, _ = newsletter
    page = visit(_WHO, path=f"/held/{batch_id}/")
    page.get_by_label("Show").select_option("Held back")
    messages = _rows(page, "Its messages")
    expect(messages).to_have_count(3)  # its head, and two
    accessible(page)
    messages.nth(1).get_by_role("button", name="Cancel this message").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Cancel the message").click()
    expect(messages).to_have_count(2)
    page.get_by_label("Show").select_option("Who was not reached")
    expect(messages.nth(1)).to_contain_text("Not sent: given up")


def test_a_whole_batch_is_cancelled_and_is_at_its_end(
    visit: Visit, stack: Stack, newsletter: tuple[str, list[str]]
) -> None:
    batch_id, ids = newsletter
    page = visit(_WHO, path=f"/held/{batch_id}/", language="es", width=PHONE)
    page.get_by_role("button", name="Cancelar todo el lote…").click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("emergencias incluidas")
    dialog.get_by_role("button", name="Cancelar definitivamente").click()
    expect(page.get_by_text("Está cancelado. No se enviará nada más.")).to_be_focused()
    expect(page.get_by_role("button", name="Retener…")).to_have_count(0)
    for message_id in ids:
        _is(stack, message_id, "dropped")


def _uncertain(route: Route) -> None:
    """One email of which nobody knows whether it went out, whose person can be reached by a text."""
    message = {
        "id": "10d0c99e-bf7b-5868-b98f-303ab7312717_20261128T151731130_e80a0ac2b15d",
        "user_id": "10d0c99e-bf7b-5868-b98f-303ab7312717",
        "channel": "email",
        "credential": "email:ada@example.org",
        "label": None,
        "subject": None,
        "purpose": "general",
        "batch_id": None,
        "dedup_id": "a",
        "status": "uncertain",
        "reason": None,
        "why": None,
        "provider": "ses",
        "segments": None,
        "label_adds_segment": False,
        "exempted": None,
        "alternatives": [{"channel": "sms", "credential": "phone:+12025550123"}],
        "times": {"queued": "2026-11-28T15:17:31Z", "uncertain": "2026-11-28T15:18:00Z"},
    }
    route.fulfill(json={"items": [message], "next_cursor": None})


def test_a_message_of_which_nobody_knows_says_what_to_do_and_by_what_else_its_person_is_reached(
    visit: Visit, accessible: Callable[[Page], None]
) -> None:
    page = visit(_WHO)
    page.route("**/api/messages/search", _uncertain)
    page.get_by_role("link", name="Held batches").click()
    uncertain = page.get_by_role("region", name="Not known whether sent")
    expect(uncertain).to_contain_text("Wait an hour, unless it is an emergency")
    row = uncertain.get_by_role("row").filter(has_text="ada@example.org")
    expect(row).to_contain_text("Text message: +12025550123")
    expect(row.get_by_role("link")).to_have_attribute("href", re.compile("/users/10d0c99e"))
    accessible(page)


def test_somebody_else_may_neither_see_nor_decide(visit: Visit) -> None:
    page = visit("user_manager")
    expect(page.get_by_role("link", name="Held batches")).to_have_count(0)
    page = visit("user_manager", path="/held")
    expect(page.get_by_role("alert").first).not_to_be_empty()
