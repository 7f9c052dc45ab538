"""What comes by a webhook: answered as its provider expects, and no secret asked for that nobody named."""

import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from reachable import aws as reachable_aws
from tests.functions.test_webhooks import post, queued, set_secrets

pytestmark = pytest.mark.usefixtures("aws")


@pytest.mark.parametrize("data", [[], "x", 5, {"message": []}, {"recipient": []}])
def test_a_signed_mailgun_body_that_cannot_be_read_is_kept_for_the_dead_letters(data: Any) -> None:
    set_secrets("key", provider="mailgun")
    seconds = str(int(datetime.now(UTC).timestamp()))
    proof = {
        "timestamp": seconds,
        "token": "t1",
        "signature": hmac.new(b"key", (seconds + "t1").encode(), "sha256").hexdigest(),
    }
    answer = post(provider="mailgun", body=json.dumps({"signature": proof, "event-data": data}).encode())
    assert answer["statusCode"] == 200
    assert len(queued()) == 1


@pytest.mark.parametrize(
    "account", ["default:1", "a" * 65, "é", "..", "a/b", "a%2Fb", "a b", "a\n", "*", "٣"]
)
def test_an_account_that_none_can_be_is_404_before_anything_is_asked(account: str) -> None:
    """SSM takes ``name:version``: a secret that was rotated away since it leaked would open the door."""
    set_secrets("leaked")
    set_secrets("new")
    asked: list[str] = []
    client = reachable_aws.client("ssm", attempts=2, read_seconds=2)
    client.meta.events.register("before-call.ssm", lambda **_: asked.append("x"))
    assert post(signed_with="leaked", account=account)["statusCode"] == 404
    assert asked == []
