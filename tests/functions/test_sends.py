"""The gate: by HTTP and by direct invoke, in order, each recipient with its own answer."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from botocore.exceptions import EndpointConnectionError

from functions.sends.app import handler
from reachable.flows import apply
from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause, Kind
from reachable.model.people import User
from reachable.model.send import Purpose
from reachable.model.status import Block
from reachable.store import dynamodb
from reachable.store.credentials import registers
from reachable.store.roster.items import REACH, TABLE, entity_of, place, reach
from reachable.web import direct
from tests.builders import change_by, clock, delivery_event, text_event
from tests.functions import district
from tests.functions.api import Answer, call, invoke
from tests.functions.district import ADA, CONTEXT, DENNIS

pytestmark = pytest.mark.usefixtures("aws")

MACHINE = {"token_use": "access", "scope": "reachable/sends"}


@pytest.fixture(autouse=True)
def _district(aws: None) -> None:
    district.settle()


def check(*recipients: dict[str, Any], claims: dict[str, Any] = MACHINE) -> Answer:
    return call(handler, "POST", "/sends/check", claims, {"recipients": recipients})


def result(**recipient: Any) -> dict[str, Any]:
    (found,) = check(recipient).body["results"]
    assert isinstance(found, dict)
    return found


def bounce(**event: Any) -> None:
    apply.events([delivery_event(**event)], clock("10:00"))


def test_a_send_to_a_good_credential_may_go() -> None:
    assert result(credential="email:ada@example.org", channel="email") == {
        "send": True,
        "channel": "email",
        "credential": "email:ada@example.org",
        "reason": None,
        "since": None,
        "label": None,
        "open": [],
        "alternatives": [],
        "exempted": False,
    }


def test_after_a_bounce_it_may_not_and_the_phone_is_named() -> None:
    bounce()
    assert result(user_id=ADA.id, channel="email") == {
        "send": False,
        "channel": "email",
        "credential": "email:ada@example.org",
        "reason": "invalid_address",
        "since": "2026-09-14T09:00:00Z",
        "label": None,
        "open": [],
        "alternatives": [
            {"channel": "sms", "credential": "phone:+12025550123"},
            {"channel": "voice", "credential": "phone:+12025550123"},
        ],
        "exempted": False,
    }


def test_an_alternative_that_is_blocked_too_is_none() -> None:
    bounce()
    apply.events([text_event()], clock("10:00"))
    assert result(user_id=ADA.id, channel="email")["alternatives"] == []


def test_a_text_to_a_shared_phone_starts_with_whom_it_is_for() -> None:
    assert result(user_id=DENNIS.id, channel="sms")["label"] == "For Dennis: "
    assert result(sourced_id="ada", channel="sms")["label"] == "For Ada: "


def test_a_bounce_closes_the_address_for_all_who_share_it() -> None:
    apply.events([text_event()], clock("10:00"))
    assert [
        one["send"]
        for one in check(
            {"user_id": ADA.id, "channel": "sms"}, {"user_id": DENNIS.id, "channel": "voice"}
        ).body["results"]
    ] == [False, False]


def test_without_a_channel_the_open_ones_are_told() -> None:
    bounce(kind=Kind.COMPLAINED, cause=Cause.COMPLAINT)
    assert result(user_id=ADA.id)["open"] == ["sms", "voice"]


def test_each_recipient_has_its_own_answer_in_order() -> None:
    answer = check(
        {"user_id": "nobody", "channel": "email"},
        {"credential": "email:no address", "channel": "email"},
        {"credential": "phone:12", "channel": "sms"},
        {"credential": "ada@example.org", "channel": "email"},
        {"user_id": DENNIS.id, "channel": "email"},
        {"credential": "email:ADA@Example.org", "channel": "email"},
        {"credential": "phone:(202) 555-0123", "channel": "sms"},
    )
    assert answer.status == 200
    told = ("send", "channel", "credential", "reason")
    assert [tuple(one[name] for name in told) for one in answer.body["results"]] == [
        (False, "email", None, "unknown_user"),
        (False, "email", None, "invalid_recipient"),
        (False, "sms", None, "invalid_recipient"),
        (False, "email", None, "invalid_recipient"),
        (False, "email", None, "no_such_channel"),
        (True, "email", "email:ada@example.org", None),
        (True, "sms", "phone:+12025550123", None),
    ]
    assert answer.body["results"][0] == {
        "send": False,
        "channel": "email",
        "credential": None,
        "reason": "unknown_user",
        "since": None,
        "label": None,
        "open": [],
        "alternatives": [],
        "exempted": False,
    }


def test_a_direct_invoke_gives_the_same_body() -> None:
    bounce()
    asked = [{"user_id": ADA.id, "channel": "email"}, {"credential": "email:x", "channel": "email"}]
    direct = invoke(handler, "POST /sends/check", body={"recipients": asked})
    assert direct.body == check(*asked).body


def test_a_thousand_recipients_are_checked_with_ten_reads(reads: list[int]) -> None:
    answer = check(*({"credential": f"email:p{i}@example.org", "channel": "email"} for i in range(1000)))
    assert all(one["send"] for one in answer.body["results"])
    assert reads == [100] * 10
    reads.clear()
    check(*[{"credential": "email:ada@example.org", "channel": "email"}] * 1000)
    assert reads == [1]


def test_a_status_that_cannot_be_read_fails_the_whole_call() -> None:
    def no_answer(**_: Any) -> None:
        raise EndpointConnectionError(endpoint_url="dynamodb")

    events = dynamodb.client().meta.events
    events.register_first("before-call.dynamodb.BatchGetItem", no_answer)
    answer = check({"credential": "email:ada@example.org", "channel": "email"})
    events.unregister("before-call.dynamodb.BatchGetItem", no_answer)
    assert (answer.status, answer.headers["content-type"]) == (503, "application/problem+json")
    assert "retry-after" in answer.headers


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"recipients": []}, "/recipients"),
        ({"recipients": [{"channel": "email"}]}, "/recipients/0"),
        ({"recipients": [{"user_id": "1", "credential": "email:a@b.org"}]}, "/recipients/0"),
        ({"recipients": [{"user_id": "1", "channel": "fax"}]}, "/recipients/0/channel"),
        ({"recipients": [{"user_id": "1", "purpose": "fun"}]}, "/recipients/0/purpose"),
        ({"recipients": [{"user_id": "1"}] * 1001}, "/recipients"),
        ({"recipients": [{"user_id": ""}]}, "/recipients/0/user_id"),
        ({"recipients": [{"user_id": "x" * 101}]}, "/recipients/0/user_id"),
        ({"recipients": [{"sourced_id": ""}]}, "/recipients/0/sourced_id"),
        ({"recipients": [{"sourced_id": "x" * 256}]}, "/recipients/0/sourced_id"),
        ({"recipients": [{"credential": ""}]}, "/recipients/0/credential"),
        ({"recipients": [{"credential": "x" * 401}]}, "/recipients/0/credential"),
        ({"recipients": "all"}, "/recipients"),
        ({}, "/recipients"),
        ([], ""),
    ],
)
def test_a_call_of_another_shape_is_400_and_says_where(body: object, pointer: str) -> None:
    answer = call(handler, "POST", "/sends/check", MACHINE, body)
    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.body["errors"][0]["pointer"] == pointer


def test_names_of_the_greatest_length_are_taken() -> None:
    longest = ({"user_id": "x" * 100}, {"sourced_id": "x" * 255}, {"credential": "x" * 400})
    assert [one["reason"] for one in check(*longest).body["results"]] == [
        "unknown_user",
        "unknown_user",
        "invalid_recipient",
    ]


@pytest.mark.parametrize(("size", "status"), [(4 * 1024 * 1024, 400), (4 * 1024 * 1024 + 1, 413)])
def test_a_body_over_4_mb_is_413_whatever_it_says(size: int, status: int) -> None:
    answer = call(handler, "POST", "/sends/check", MACHINE, "x" * size)
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")


def test_a_body_over_4_mb_is_refused_in_the_language_of_the_caller() -> None:
    spanish = {"Accept-Language": "es"}
    answer = call(handler, "POST", "/sends/check", MACHINE, "x" * (4 * 1024 * 1024 + 1), headers=spanish)
    assert answer.body["detail"] == "El cuerpo supera los 4 MB."


def test_whoever_invokes_directly_as_nobody_is_no_operator() -> None:
    """Not by writing the gateway's event by hand: then it is judged by its token, and there is none."""
    body = {"recipients": [{"credential": "email:ada@example.org"}]}
    event = direct.http_event({"as": "maria@ops", "route": "POST /sends/check", "body": body})
    assert handler(event, CONTEXT)["statusCode"] == 403


def test_what_is_no_json_is_400() -> None:
    answer = call(handler, "POST", "/sends/check", MACHINE, "{")
    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("claims", [district.manager(), {"token_use": "id", "scope": "reachable/sends"}, {}])
def test_only_a_machine_with_the_scope_may_ask(claims: dict[str, Any]) -> None:
    assert check({"user_id": "1"}, claims=claims).status == 403


def test_an_exempt_purpose_is_sent_and_the_answer_says_what_it_passed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("reachable.flows.check.EXEMPT_PURPOSES", frozenset({Purpose.SIGN_IN}))
    bounce()
    code = result(user_id=ADA.id, channel="email", purpose="sign_in")
    assert (code["send"], code["exempted"], code["reason"]) == (True, True, "invalid_address")
    assert result(user_id=ADA.id, channel="email")["send"] is False


_CHANGE = change_by(delivery_event(), clock("12:00"))
assert isinstance(_CHANGE, Block)
BLOCK: Final = _CHANGE


@pytest.fixture
def reads() -> Iterator[list[int]]:
    """How many keys each read of a table asked for, as the wire sees it; a Query is 0, and there is none."""
    asked: list[int] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        asked.append(sum(len(one["Keys"]) for one in params.get("RequestItems", {}).values()))

    events = dynamodb.client().meta.events
    for operation in ("BatchGetItem", "GetItem", "Query"):
        events.register(f"provide-client-params.dynamodb.{operation}", note)
    yield asked
    for operation in ("BatchGetItem", "GetItem", "Query"):
        events.unregister(f"provide-client-params.dynamodb.{operation}", note)


def thousand() -> list[User]:
    """Users with an email and a phone each."""
    return [
        district.user(f"u{n}", f"Ada U{n}", email=f"u{n}@example.org", phone=f"+1202300{n:04}")
        for n in range(1000)
    ]


def _put_reach(user: User) -> None:
    """The one item that the gate reads."""
    item = place(entity_of(user), REACH) | reach(user) | {"account_status": "active"}
    dynamodb.batch_put(TABLE, [item])


@pytest.mark.parametrize(
    ("channel", "blocked", "requests"),
    [("email", 0, 20), ("email", 250, 23), (None, 0, 30)],
    ids=["with a channel", "and 250 blocked, with another credential", "without a channel"],
)
def test_a_thousand_users_are_checked_with_the_fewest_reads(
    reads: list[int], channel: str | None, blocked: int, requests: int
) -> None:
    users = thousand()
    for one in users:
        _put_reach(one)
    for one in users[:blocked]:
        registers.move(one.credentials[CredentialKind.EMAIL], BLOCK)
    answer = check(*({"user_id": one.id, "channel": channel} for one in users))
    assert len(reads) == requests
    assert sum(not one["send"] for one in answer.body["results"]) == (blocked if channel else 0)


def test_mixed_recipients_share_their_reads_and_duplicates_are_asked_once(reads: list[int]) -> None:
    by_user = [{"user_id": ADA.id, "channel": "email"}] * 400
    by_credential = [{"credential": "email:ada@example.org", "channel": "email"}] * 600
    answer = check(*by_user, *by_credential)
    assert len(answer.body["results"]) == 1000
    assert reads == [1, 1]


def test_an_alternative_that_somebody_asked_for_too_is_read_once(reads: list[int]) -> None:
    bounce()
    reads.clear()
    answer = check({"user_id": ADA.id, "channel": "email"}, {"user_id": ADA.id, "channel": "sms"})
    assert [one["send"] for one in answer.body["results"]] == [False, True]
    assert reads == [1, 2]
