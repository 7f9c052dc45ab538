"""Unsubscribe by link: who has the mail closes the address that it came to, and nobody else does."""

import base64
import json
from typing import Any

import jwt
import pytest

from functions.unsubscribe.app import handler
from reachable.flows import dispatch, enqueue, send, unsubscribe
from reachable.model.credential import Credential
from reachable.model.delivery_event import Channel
from reachable.model.message import Outgoing, message_id
from reachable.model.send import Purpose
from reachable.model.status import Lift, Lifting, mark
from reachable.rules import status as status_rules
from reachable.rules.hold import GO
from reachable.secrets import unsubscribe_links
from reachable.store.credentials import history, registers
from reachable.store.messages import record
from tests.builders import clock
from tests.functions import district
from tests.functions.district import ADA, CONTEXT
from tests.functions.test_messages import Provider, deliver, enqueue_one, provider, queued

__all__ = ["provider"]

EMAIL = Credential.of_key("email:ada@example.org")


@pytest.fixture(autouse=True)
def _district(aws: None) -> None:
    district.settle()


def visit(method: str, token: str, body: str | None = "List-Unsubscribe=One-Click") -> dict[str, Any]:
    """As a mail program (POST), or a person's browser (GET first), comes."""
    answer: dict[str, Any] = handler(
        {
            "version": "2.0",
            "routeKey": f"{method} /unsubscribe/{{token}}",
            "rawPath": f"/unsubscribe/{token}",
            "rawQueryString": "",
            "headers": {"content-type": "application/x-www-form-urlencoded"},
            "requestContext": {
                "http": {"method": method, "path": f"/unsubscribe/{token}", "sourceIp": "192.0.2.1"},
                "stage": "$default",
            },
            "body": base64.b64encode((body or "").encode()).decode() if method == "POST" else None,
            "isBase64Encoded": method == "POST",
        },
        CONTEXT,
    )
    return answer


def sent(provider: Provider, **wish: Any) -> str:
    """An email as it went out; the token of its link."""
    enqueue_one(**wish)
    deliver(*queued())
    outgoing, _ = provider.took[-1]
    assert outgoing.unsubscribe_url is not None
    address, _, token = outgoing.unsubscribe_url.rpartition("/")
    assert address == "https://reachable.example/unsubscribe"
    return token


def grounds() -> list[str]:
    return [str(block.register) for block in status_rules.blocks(registers.statuses([EMAIL])[EMAIL])]


def test_one_click_closes_the_address_that_the_mail_came_to(provider: Provider) -> None:
    token = sent(provider)
    assert visit("POST", token)["statusCode"] == 200
    assert grounds() == ["unsubscribed@email"]
    [item] = history.of(EMAIL)
    assert (item.kind.value, item.provider) == ("opted_out", "reachable")


def test_looking_at_the_link_closes_nothing(provider: Provider) -> None:
    token = sent(provider)
    answer = visit("GET", token)
    assert (answer["statusCode"], answer["headers"]["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert '<form method="post">' in answer["body"]
    assert grounds() == []


def test_the_link_tells_no_address(provider: Provider) -> None:
    token = sent(provider)
    payload = token.split(".")[1]
    told = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert set(told) == {"sub", "aud"}
    assert "@" not in str(told)
    assert "example" not in visit("GET", token)["body"]


def test_pressed_again_after_a_reset_with_consent_it_closes_again(provider: Provider) -> None:
    token = sent(provider)
    unsubscribe.by_link(token, clock("10:00"))
    [item] = history.of(EMAIL)
    registers.move(EMAIL, Lifting(Lift.CONSENT, mark(clock("11:00"), item.hex)))
    assert grounds() == []
    unsubscribe.by_link(token, clock("12:00"))
    unsubscribe.by_link(token, clock("12:00"))
    assert grounds() == ["unsubscribed@email"]
    assert len(history.of(EMAIL)) == 2


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_forged_link_is_404(provider: Provider, method: str) -> None:
    token = sent(provider)
    head, payload, signature = token.split(".")
    id_ = message_id(ADA.id, clock("08:00"), "x")
    for forged in (
        f"{head}.{payload}.{signature[::-1]}",
        f"{head}.{payload}.",
        jwt.encode({"sub": id_, "aud": "unsubscribe"}, "another key" * 6, "HS256"),
        jwt.encode({"sub": id_, "aud": "unsubscribe"}, "", "none"),
        jwt.encode({"sub": id_, "aud": "other"}, "k" * 64, "HS256"),
        jwt.encode({"aud": "unsubscribe"}, "k" * 64, "HS256"),
        "x",
    ):
        assert visit(method, forged)["statusCode"] == 404
    assert grounds() == []


def test_a_message_that_is_kept_no_longer_cannot_say_whose_it_was() -> None:
    token = unsubscribe_links.token(message_id(ADA.id, clock("08:00"), "gone"))
    assert visit("POST", token)["statusCode"] == 404


@pytest.mark.parametrize(
    ("channel", "purpose", "has_link"),
    [
        (Channel.EMAIL, Purpose.GENERAL, True),
        (Channel.EMAIL, Purpose.SIGN_IN, False),
        (Channel.EMAIL, Purpose.EMERGENCY, False),
        (Channel.SMS, Purpose.GENERAL, False),
    ],
)
def test_only_what_goes_to_many_has_a_link(
    provider: Provider, channel: Channel, purpose: Purpose, *, has_link: bool
) -> None:
    outgoing = Outgoing(
        id=message_id(ADA.id, clock("08:00"), "x"),
        user_id=ADA.id,
        channel=channel,
        purpose=purpose,
        queued_at=clock("08:00"),
        text="x",
        subject="x",
    )
    record.put(enqueue._record(outgoing, clock("08:00")))
    send.message(outgoing, dispatch.ask([outgoing])[0], GO, clock("08:01"))
    assert (provider.took[-1][0].unsubscribe_url is not None) is has_link
