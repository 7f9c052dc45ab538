"""docs/add-a-provider.md, followed: from an empty file to a bounce on the profile."""

import base64
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest

import reachable.providers
from functions.profiles import app as profiles
from functions.webhooks import app as webhooks
from reachable import providers
from reachable.model.delivery_event import Cause, Kind
from reachable.model.errors import BadSignature, ParseError
from reachable.model.status import Block
from reachable.providers import Secrets, WebhookRequest
from tests.builders import change_by
from tests.functions import district, test_delivery_events, test_webhooks
from tests.functions.api import call

PAGE = Path(__file__).parents[2] / "docs/add-a-provider.md"
BOUNCE = b'{"id": "1", "event": "no_such_user", "to": "Ada <ADA@example.org>", "at": "2026-09-14T08:30:04Z"}'
NOW = datetime(2026, 9, 14, 9, tzinfo=UTC)


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The file of the page, in the room."""
    [source] = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    (tmp_path / "acme.py").write_text(source)
    monkeypatch.setattr(reachable.providers, "__path__", [*reachable.providers.__path__, str(tmp_path)])
    yield "acme"
    sys.modules.pop("reachable.providers.acme", None)
    providers._dialect.cache_clear()


def test_a_bounce_of_a_new_provider_is_read_and_blocks(acme: str) -> None:
    [event] = providers.parse(acme, BOUNCE, {})
    assert (event.kind, event.cause, event.address) == (
        Kind.BOUNCED,
        Cause.INVALID_ADDRESS,
        "ada@example.org",
    )
    assert isinstance(change_by(event, NOW), Block)


@pytest.mark.usefixtures("aws")
def test_a_posted_bounce_is_on_the_profile_with_its_reason(acme: str) -> None:
    district.import_()
    boto3.client("ssm").put_parameter(
        Name=f"/reachable/test/webhooks/{acme}/default",
        Type="SecureString",
        Value=json.dumps({"secrets": ["acme:right"]}),
    )
    event = {
        "rawPath": "/webhooks/acme",
        "rawQueryString": "",
        "headers": {"authorization": "Basic " + base64.b64encode(b"acme:right").decode()},
        "pathParameters": {"provider": acme},
        "requestContext": {"domainName": "x", "http": {"method": "POST", "sourceIp": "192.0.2.1"}},
        "body": BOUNCE.decode(),
        "isBase64Encoded": False,
    }
    assert webhooks.handler(event, None)["statusCode"] == 200
    assert test_delivery_events.deliver(*test_webhooks.queued()) == []
    profile = call(profiles.handler, "GET", f"/users/{district.ADA.id}", district.manager()).body
    [email] = [one for one in profile["credentials"] if one["kind"] == "email"]
    assert (email["status"], email["open"]) == ("bad", [])
    assert email["blocks"][0]["reason"] == "This email address does not exist."


def test_its_proof_is_asked_for(acme: str) -> None:
    def call(password: str) -> WebhookRequest:
        pair = base64.b64encode(f"acme:{password}".encode()).decode()
        return WebhookRequest(url="https://x/webhooks/acme", headers={"authorization": f"Basic {pair}"})

    assert providers.takes_webhooks(acme)
    providers.verify(acme, call("right"), Secrets(values=("acme:right",)), NOW)
    with pytest.raises(BadSignature):
        providers.verify(acme, call("wrong"), Secrets(values=("acme:right",)), NOW)


def test_what_it_does_not_know_is_skipped_and_what_it_cannot_read_is_said(acme: str) -> None:
    assert providers.read(acme, BOUNCE.replace(b"no_such_user", b"opened"), {}).skipped == 1
    with pytest.raises(ParseError) as caught:
        providers.parse(acme, BOUNCE.replace(b'"no_such_user"', b"[]"), {})
    assert (caught.value.provider, caught.value.where) == ("acme", "event")
