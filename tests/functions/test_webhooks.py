"""The webhooks function: what it takes, what it refuses, and that it keeps before it says so."""

import base64
import hmac
import json
from datetime import UTC, datetime
from io import StringIO
from typing import Any
from urllib.parse import urlencode

import boto3
import pytest
from botocore.exceptions import ClientError
from twilio.request_validator import RequestValidator

from functions.webhooks.app import handler
from reachable import aws as reachable_aws
from reachable.log import logger
from reachable.queues import delivery_events
from reachable.secrets import _documents
from tests.builders import clock

pytestmark = pytest.mark.usefixtures("aws")

BASE_URL = "https://hooks.example.org"
FORM = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30005", "To": "+12025550123"}
QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/delivery-events"
_HOOK = base64.b64encode(b"hook:word").decode()
type Answer = dict[str, Any]


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """The log."""
    log = StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", log)
    return log


def set_secrets(*values: str, account: str = "default", provider: str = "twilio", **more: Any) -> None:
    boto3.client("ssm").put_parameter(
        Name=f"/reachable/test/webhooks/{provider}/{account}",
        Type="SecureString",
        Value=json.dumps({"secrets": values, "base_url": BASE_URL} | more),
        Overwrite=True,
    )


def post(
    form: dict[str, str] | None = None,
    *,
    signed_with: str = "new",
    account: str | None = None,
    provider: str = "twilio",
    query: str = "",
    method: str = "POST",
    body: bytes | None = None,
    **headers: str,
) -> Answer:
    form = FORM if form is None else form
    path = f"/webhooks/{provider}" + (f"/{account}" if account else "")
    url = BASE_URL + path + (f"?{query}" if query else "")
    raw = urlencode(form).encode() if body is None else body
    answer: Answer = handler(
        {
            "rawPath": path,
            "rawQueryString": query,
            "headers": {
                "content-type": "application/x-www-form-urlencoded",
                "x-twilio-signature": RequestValidator(signed_with).compute_signature(url, form),
            }
            | headers,
            "pathParameters": {"provider": provider} | ({"account": account} if account else {}),
            "requestContext": {"domainName": "x", "http": {"method": method, "sourceIp": "192.0.2.1"}},
            "body": base64.b64encode(raw).decode(),
            "isBase64Encoded": True,
        },
        None,
    )
    return answer


def queued() -> list[str]:
    messages = boto3.client("sqs").receive_message(QueueUrl=QUEUE, MaxNumberOfMessages=10)
    return [message["Body"] for message in messages.get("Messages", [])]


def test_a_signed_webhook_is_kept_whole_and_answered_as_twilio_expects() -> None:
    set_secrets("new")
    answer = post(query="reachable_id=m1")
    assert (answer["statusCode"], answer["body"]) == (200, "<Response/>")
    (message,) = queued()
    entry = delivery_events.read(message, clock("10:00"))
    assert (entry.provider, entry.body) == ("twilio", urlencode(FORM).encode())
    assert entry.query_parameters == {"reachable_id": "m1"}
    assert "x-twilio-signature" not in entry.headers


def test_what_a_call_told_is_kept_with_its_account() -> None:
    set_secrets("north", account="north")
    assert post(signed_with="north", account="north", query="a=b")["statusCode"] == 200
    (message,) = queued()
    entry = delivery_events.read(message, clock("10:00"))
    assert (entry.provider, entry.account, entry.method) == ("twilio", "north", "POST")
    assert (entry.url, entry.query) == ("/webhooks/twilio/north", "a=b")
    assert entry.headers["content-type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize("form", [FORM | {"ErrorCode": "30004"}, {}])
def test_a_wrong_signature_is_401_and_keeps_nothing(form: dict[str, str]) -> None:
    set_secrets("new")
    answer = post(form, signed_with="another")
    assert answer["statusCode"] == 401
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert queued() == []


def test_two_secrets_are_valid_at_once() -> None:
    set_secrets("new", "old")
    assert [post(signed_with=secret)["statusCode"] for secret in ("new", "old")] == [200, 200]


def test_a_secret_is_rotated_without_a_deploy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read again on a bad signature, but at most once a minute for an account."""
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    set_secrets("old")
    assert post(signed_with="old")["statusCode"] == 200
    set_secrets("new", "old")
    assert post(signed_with="new")["statusCode"] == 401
    now += _documents.REREAD_SECONDS
    assert post(signed_with="new")["statusCode"] == 200
    set_secrets("newest")
    now += _documents.KEPT_SECONDS
    assert post(signed_with="new")["statusCode"] == 401
    assert post(signed_with="newest")["statusCode"] == 200


def test_a_secret_that_was_deleted_counts_no_more_once_that_has_been_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A bad signature makes us read it again; then the old one is good for nothing, at once."""
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    set_secrets("old")
    assert post(signed_with="old")["statusCode"] == 200
    boto3.client("ssm").delete_parameter(Name="/reachable/test/webhooks/twilio/default")
    now += 60
    assert post(signed_with="another")["statusCode"] == 404
    assert post(signed_with="old")["statusCode"] == 404


@pytest.mark.parametrize(
    ("networks", "status"),
    [
        (["192.0.2.0/24"], 200),
        (["198.51.100.0/24", "192.0.2.1"], 200),
        (["198.51.100.0/24"], 401),
        ([], 200),
    ],
)
def test_a_webhook_is_limited_to_the_networks_of_its_document(networks: list[str], status: int) -> None:
    """The call comes from 192.0.2.1, with the right signature."""
    set_secrets("new", networks=networks)
    assert post()["statusCode"] == status
    assert len(queued()) == (status == 200)


def test_each_account_of_a_provider_has_its_own_secret() -> None:
    set_secrets("new")
    set_secrets("north", account="north")
    assert post(signed_with="north", account="north")["statusCode"] == 200
    assert post(signed_with="new", account="north")["statusCode"] == 401
    assert post(account="south")["statusCode"] == 404


@pytest.mark.parametrize("provider", ["nobody", "ses", "_signatures", "..", "a/b", ""])
def test_a_provider_that_takes_no_webhooks_is_404(provider: str) -> None:
    set_secrets("new")
    assert post(provider=provider)["statusCode"] == 404


def test_a_provider_without_a_secret_is_404() -> None:
    assert post()["statusCode"] == 404


# What is asked of SSM


class Ssm:
    """How often SSM was asked, and whether it is throttling; and a clock that stands until it is moved."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked, self.throttles, self.now = 0, False, 1000.0
        monkeypatch.setattr("time.monotonic", lambda: self.now)
        reachable_aws.client("ssm", attempts=2, read_seconds=2).meta.events.register(
            "before-call.ssm", self._count
        )

    def _count(self, **_: Any) -> None:
        self.asked += 1
        if self.throttles:
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, "GetParametersByPath")


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch) -> Ssm:
    return Ssm(monkeypatch)


def test_a_thousand_invented_accounts_cost_one_request_a_minute(ssm: Ssm) -> None:
    set_secrets("new")
    for minute in (1, 2):
        statuses = {post(account=f"invented{number}")["statusCode"] for number in range(500)}
        assert (statuses, ssm.asked) == ({404}, minute)
        assert post()["statusCode"] == 200
        ssm.now += _documents.REREAD_SECONDS


def test_a_thousand_forged_posts_cost_one_request_a_minute(ssm: Ssm) -> None:
    for account in ("default", "north"):
        set_secrets("new", account=account)
    for minute in (1, 2):
        accounts = [None, "north", "south"] * 100
        statuses = {post(account=one, signed_with="another")["statusCode"] for one in accounts}
        assert (statuses, ssm.asked) == ({401, 404}, minute)
        ssm.now += _documents.REREAD_SECONDS


def test_all_are_read_however_many_they_are(ssm: Ssm) -> None:
    """SSM gives ten at a time."""
    for number in range(23):
        set_secrets("new", account=f"school{number:02}")
    assert [post(account=f"school{number:02}")["statusCode"] for number in range(23)] == [200] * 23
    assert ssm.asked == 3


def test_an_account_is_known_a_minute_after_its_secret_was_set(ssm: Ssm) -> None:
    set_secrets("new")
    assert post(account="north")["statusCode"] == 404
    set_secrets("new", account="north")
    ssm.now += _documents.REREAD_SECONDS
    assert post(account="north")["statusCode"] == 200


def test_a_secret_that_was_deleted_ends_within_five_minutes(ssm: Ssm) -> None:
    set_secrets("new")
    assert post()["statusCode"] == 200
    boto3.client("ssm").delete_parameter(Name="/reachable/test/webhooks/twilio/default")
    ssm.now += _documents.KEPT_SECONDS
    assert post()["statusCode"] == 404


def test_where_ssm_does_not_answer_the_last_known_secrets_serve(ssm: Ssm) -> None:
    """Nobody can tell then whether another account or secret is new: its provider is asked to try again."""
    set_secrets("new")
    assert post()["statusCode"] == 200
    ssm.throttles = True
    ssm.now += _documents.KEPT_SECONDS
    for _ in range(3):
        assert post()["statusCode"] == 200
        assert post(signed_with="another")["statusCode"] == 503
        assert post(account="invented")["statusCode"] == 503
    assert ssm.asked == 2
    assert len(queued()) == 4
    ssm.throttles = False
    ssm.now += _documents.REREAD_SECONDS
    assert post(account="invented")["statusCode"] == 404
    assert post(signed_with="another")["statusCode"] == 401
    assert ssm.asked == 3


def test_a_process_that_could_read_nothing_yet_asks_again_soon_and_not_at_each_call(ssm: Ssm) -> None:
    set_secrets("new")
    ssm.throttles = True
    answers = [post() for _ in range(3)]
    assert [answer["statusCode"] for answer in answers] == [503] * 3
    assert all(int(answer["headers"]["retry-after"]) > 0 for answer in answers)
    assert ssm.asked == 1
    ssm.throttles = False
    ssm.now += _documents.FIRST_READ_AGAIN_SECONDS
    assert post()["statusCode"] == 200


@pytest.mark.parametrize(
    "value",
    [
        "{",
        "[]",
        "{}",
        '"new"',
        '{"secrets": "new"}',
        '{"secrets": [1]}',
        '{"secrets": ["new", 1]}',
        '{"secrets": ["new", ""]}',  # which would let everybody in
    ],
)
def test_what_is_wrong_with_one_secret_closes_no_other_door(value: str, printed: StringIO) -> None:
    """Its provider tries again until it is mended, and a line of the log says which it is."""
    set_secrets("new")
    boto3.client("ssm").put_parameter(
        Name="/reachable/test/webhooks/twilio/north", Type="SecureString", Value=value
    )
    assert post(account="north")["statusCode"] == 503
    assert post()["statusCode"] == 200
    told = [json.loads(line) for line in printed.getvalue().splitlines()]
    assert [one["parameter"] for one in told if one["message"] == "secrets_not_read"] == [
        "/reachable/test/webhooks/twilio/north"
    ]


def test_networks_that_are_none_are_told_as_a_secret_that_cannot_be_read() -> None:
    boto3.client("ssm").put_parameter(
        Name="/reachable/test/webhooks/twilio/default",
        Type="SecureString",
        Value=json.dumps({"secrets": ["new"], "networks": ["192.0.2.0/33"]}),
    )
    assert post()["statusCode"] == 503


@pytest.mark.parametrize(("networks", "status"), [(["192.0.2.0/24"], 200), (["198.51.100.0/24"], 401)])
def test_who_may_call_from_where_is_part_of_the_secret(networks: list[str], status: int) -> None:
    boto3.client("ssm").put_parameter(
        Name="/reachable/test/webhooks/sparkpost/default",
        Type="SecureString",
        Value=json.dumps({"secrets": ["hook:word"], "networks": networks}),
    )
    assert post(provider="sparkpost", body=b"[]", authorization=f"Basic {_HOOK}")["statusCode"] == status


def test_the_account_default_is_the_one_without_a_name() -> None:
    """Else one event would be two, by its account."""
    set_secrets("new")
    assert post(account="default")["statusCode"] == 200
    (message,) = queued()
    assert delivery_events.read(message, clock("10:00")).account is None


# What is taken


def test_a_body_over_4_mb_is_413_before_its_signature_is_looked_at() -> None:
    answer = post(signed_with="another", body=b"x" * (4 * 1024 * 1024 + 1))
    assert answer["statusCode"] == 413


def test_a_large_body_goes_by_the_bucket() -> None:
    set_secrets("new")
    form = FORM | {"Body": "x" * 3_000_000}
    assert post(form)["statusCode"] == 200
    (message,) = queued()
    assert len(message) < 2000
    assert delivery_events.read(message, clock("10:00")).body == urlencode(form).encode()


def test_where_nothing_was_kept_the_provider_is_asked_to_try_again() -> None:
    set_secrets("new")
    boto3.client("sqs").delete_queue(QueueUrl=QUEUE)
    answer = post()
    assert answer["statusCode"] == 503
    assert int(answer["headers"]["retry-after"]) > 0


def test_a_signed_body_that_cannot_be_read_is_kept_for_the_dead_letters() -> None:
    """A 4xx would only make the provider send it again for days."""
    set_secrets("new")
    assert post({"MessageStatus": "undelivered"})["statusCode"] == 200
    assert len(queued()) == 1


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 405)])
def test_a_probe_brings_nothing_to_keep(method: str, status: int) -> None:
    set_secrets("new")
    assert post(method=method, signed_with="another")["statusCode"] == status
    assert queued() == []


def test_what_is_logged_names_no_address(printed: StringIO) -> None:
    set_secrets("new")
    post()
    post(signed_with="another")
    post(provider="+12025550123")
    assert "webhook_accepted" in printed.getvalue()
    assert "2025550123" not in printed.getvalue()


# A signature that covers a token and not the body


def mailgun(token: str, **event: Any) -> Answer:
    seconds = str(int(datetime.now(UTC).timestamp()))
    signature = hmac.new(b"key", (seconds + token).encode(), "sha256").hexdigest()
    told = {"event": "failed", "id": "e1", "severity": "permanent", "recipient": "ada@example.org"}
    proof = {"timestamp": seconds, "token": token, "signature": signature}
    return post(
        provider="mailgun", body=json.dumps({"signature": proof, "event-data": told | event}).encode()
    )


@pytest.mark.parametrize(
    "another", [{"id": "e2"}, {"recipient": "eve@example.org"}, {"event": "complained"}, {"reason": "bounce"}]
)
def test_a_token_serves_the_event_that_it_came_with(another: dict[str, str]) -> None:
    """Who has seen a post can sign no other with its proof; the provider's own repeat is taken."""
    set_secrets("key", provider="mailgun")
    assert mailgun("t1")["statusCode"] == 200
    assert mailgun("t1", **another)["statusCode"] == 401
    assert mailgun("t1")["statusCode"] == 200
    assert mailgun("t2", **another)["statusCode"] == 200
    assert len(queued()) == 3
