"""Reset Status and marks by hand, through the function."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from functions.profiles.app import handler as profiles
from functions.reset.app import handler
from reachable.flows import apply
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Kind
from reachable.model.history import Consent
from reachable.rules import status as status_rules
from reachable.store import dynamodb
from reachable.store.credentials import history, registers
from tests.builders import clock, delivery_event, text_event
from tests.functions import district
from tests.functions.api import Answer, call, invoke
from tests.functions.district import ADA, DENNIS, FAR, MANAGER

pytestmark = pytest.mark.usefixtures("aws")

EMAIL = ADA.credentials[CredentialKind.EMAIL]
PHONE = ADA.credentials[CredentialKind.PHONE]
STOP = {"kind": Kind.OPTED_OUT, "cause": Cause.OPT_OUT, "event_id": "stop"}


@pytest.fixture(autouse=True)
def _district(aws: None) -> None:
    district.settle()


def post(path: str, body: object, claims: dict[str, Any] | None = None) -> Answer:
    return call(handler, "POST", path, claims or district.manager(), body)


def reset(body: object, user_id: str = ADA.id, if_match: str | None = None) -> Answer:
    headers = {"if-match": if_match} if if_match else {}
    return call(handler, "POST", f"/users/{user_id}/reset", district.manager(), body, headers=headers)


def mark(body: object, user_id: str = ADA.id, if_match: str | None = None) -> Answer:
    headers = {"if-match": if_match} if if_match else {}
    return call(handler, "POST", f"/users/{user_id}/blocks", district.manager(), body, headers=headers)


def bounce(**event: Any) -> None:
    apply.events([delivery_event(**event)], clock("10:00"))


def text(**event: Any) -> None:
    apply.events([text_event(**event)], clock("10:00"))


def in_force(credential: Credential) -> list[str]:
    return [str(one.register) for one in status_rules.blocks(registers.statuses([credential])[credential])]


def outcomes(answer: Answer) -> dict[str, str]:
    assert answer.status == 200, answer.body
    return {one["kind"]: one["outcome"] for one in answer.body["results"]}


def audited() -> list[str]:
    return [item["act"]["S"] for item in dynamodb.client().scan(TableName="audit")["Items"]]


def audit() -> list[dict[str, Any]]:
    """What is kept of each act, by whom it is kept, but for its key and its end."""
    items = [dynamodb.of_wire(item) for item in dynamodb.client().scan(TableName="audit")["Items"]]
    told = [{k: v for k, v in item.items() if k not in {"item", "expires_at"}} for item in items]
    return sorted(told, key=_of_whom)


def _of_whom(item: dict[str, Any]) -> str:
    return f"{item['subject']} {item['details']}"


def kept(act: str, details: dict[str, str], by: str = MANAGER.id) -> list[dict[str, Any]]:
    """An act on Ada stands twice: by staff member and by person."""
    return [
        {"subject": subject, "act": act, "by": by, "user_id": ADA.id, "details": details}
        for subject in (f"staff#{by}", f"user#{ADA.id}")
    ]


def test_a_reset_lifts_the_block_and_keeps_history_and_audit() -> None:
    bounce()
    answer = reset({"credentials": ["email"], "note": "Emptied the mailbox."})
    assert outcomes(answer) == {"email": "reset"}
    assert in_force(EMAIL) == []
    newest, oldest = history.of(EMAIL)
    assert (newest.kind.value, newest.by, newest.note) == ("reset", MANAGER.id, "Emptied the mailbox.")
    assert oldest.kind.value == "bounced"
    note = {"note": "Emptied the mailbox."}
    assert audit() == kept("reset", {"credential": "email", "moves": "lift.staff"} | note)
    assert (newest.provider, newest.moves, newest.lift) == ("reachable", "lift.staff", "staff")


def test_a_reset_without_a_note_has_none() -> None:
    bounce()
    assert outcomes(reset({"credentials": ["email"]})) == {"email": "reset"}
    assert history.of(EMAIL)[0].note is None
    assert audit() == kept("reset", {"credential": "email", "moves": "lift.staff"})


def test_without_named_credentials_all_are_reset_each_with_its_outcome() -> None:
    bounce()
    assert outcomes(reset({})) == {"email": "reset", "phone": "already_good"}


def test_a_reset_of_a_good_credential_writes_nothing_but_who_asked_for_it() -> None:
    assert outcomes(reset({})) == {"email": "already_good", "phone": "already_good"}
    assert history.of(EMAIL) == []
    lines = [kept("reset", {"credential": kind, "outcome": "already_good"}) for kind in ("email", "phone")]
    assert audit() == sorted((line for both in lines for line in both), key=_of_whom)


def test_a_reset_through_one_holder_opens_it_for_all() -> None:
    text()
    assert outcomes(reset({"credentials": ["phone"]}, DENNIS.id)) == {"phone": "reset"}
    assert in_force(PHONE) == []


def test_a_complaint_needs_consent_and_keeps_it() -> None:
    bounce(kind=Kind.COMPLAINED, cause=Cause.COMPLAINT)
    refused = reset({"credentials": ["email"]}).body["results"][0]
    assert (refused["outcome"], refused["still_blocked"]) == ("refused", ["email"])
    assert "consent" in refused["detail"]
    given = {"credentials": ["email"], "consent": {"from": "Ada Reyes", "how": "by phone"}}
    assert outcomes(reset(given)) == {"email": "reset"}
    assert in_force(EMAIL) == []
    assert history.of(EMAIL)[0].consent == Consent("Ada Reyes", "by phone")
    lines = [{"credential": "email", "outcome": "refused"}, {"credential": "email", "moves": "lift.consent"}]
    assert audit() == sorted((line for told in lines for line in kept("reset", told)), key=_of_whom)


def test_a_stop_is_refused_with_the_advice_to_text_start() -> None:
    text(**STOP)
    result = reset({"credentials": ["phone"], "consent": {"from": "Ada", "how": "by phone"}}).body["results"][
        0
    ]
    assert (result["outcome"], result["still_blocked"]) == ("refused", ["sms"])
    assert "START" in result["detail"]
    assert in_force(PHONE) == ["opt_out@sms"]


def test_what_can_be_lifted_is_and_the_rest_is_named() -> None:
    text()
    text(**STOP)
    result = reset({"credentials": ["phone"]}).body["results"][0]
    assert (result["outcome"], result["still_blocked"]) == ("reset", ["sms"])
    assert in_force(PHONE) == ["opt_out@sms"]


def test_a_late_bounce_of_a_message_from_before_the_reset_does_not_block_again() -> None:
    bounce()
    reset({})
    bounce(event_id="late", sent_at=clock("09:30"), occurred_at=clock("23:00"))
    assert in_force(EMAIL) == []


def test_a_mark_does_not_fall_on_what_its_viewer_has_not_seen() -> None:
    seen = call(profiles, "GET", f"/users/{ADA.id}", district.manager()).body["etag"]
    bounce()
    refused = mark({"credential": "email", "note": "The office said so."}, if_match=seen)
    assert (refused.status, len(in_force(EMAIL))) == (412, 1)
    now = call(profiles, "GET", f"/users/{ADA.id}", district.manager()).body["etag"]
    done = mark({"credential": "email", "note": "The office said so."}, if_match=now)
    assert (done.status, len(in_force(EMAIL))) == (200, 2)


def test_if_match_refuses_when_the_status_has_changed_meanwhile() -> None:
    bounce()
    seen = call(profiles, "GET", f"/users/{ADA.id}", district.manager()).body["etag"]
    bounce(kind=Kind.COMPLAINED, cause=Cause.COMPLAINT, event_id="2")
    answer = reset({"credentials": ["email"]}, if_match=seen)
    assert (answer.status, answer.headers["content-type"]) == (412, "application/problem+json")
    assert len(in_force(EMAIL)) == 2
    now = call(profiles, "GET", f"/users/{ADA.id}", district.manager()).body["etag"]
    done = reset({"credentials": ["email"]}, if_match=now)
    assert outcomes(done) == {"email": "reset"}
    assert done.body["etag"] == call(profiles, "GET", f"/users/{ADA.id}", district.manager()).body["etag"]


@pytest.fixture
def between() -> Iterator[Callable[..., None]]:
    """Let other acts come between what a reset reads and what it writes: one before each of its writes."""
    events, hooks = dynamodb.client().meta.events, []

    def make(*acts: Callable[[], None]) -> None:
        left = list(acts)

        def hook(**_: Any) -> None:
            if left:
                left.pop(0)()

        hooks.append(hook)
        events.register_first("before-call.dynamodb.TransactWriteItems", hook)

    yield make
    for hook in hooks:
        events.unregister("before-call.dynamodb.TransactWriteItems", hook)


def stop() -> None:
    text(**STOP)


def complaint(at: str = "09:02") -> None:
    bounce(kind=Kind.COMPLAINED, cause=Cause.COMPLAINT, event_id=at, occurred_at=clock(at))


def suppressed() -> None:
    bounce(cause=Cause.PROVIDER_SUPPRESSED, event_id="suppressed")


def suppressed_after_a_complaint() -> None:
    bounce(kind=Kind.COMPLAINED, cause=Cause.PROVIDER_SUPPRESSED, event_id="suppressed")


@pytest.mark.parametrize("act", [stop, complaint, suppressed, suppressed_after_a_complaint])
def test_if_match_refuses_a_change_between_read_and_write_and_then_nothing_was_reset(
    between: Any, act: Callable[[], None]
) -> None:
    """Of whichever credential the profile shows, also of one that was good."""
    bounce()
    seen = call(profiles, "GET", f"/users/{ADA.id}", district.manager()).body["etag"]
    between(act)
    assert reset({}, if_match=seen).status == 412
    assert "bounce@email" in in_force(EMAIL)
    assert "reset" not in audited()


def test_without_if_match_it_is_decided_anew_where_another_act_came_between(between: Any) -> None:
    bounce()
    text()
    between(stop)
    answer = reset({})
    assert outcomes(answer) == {"email": "reset", "phone": "reset"}
    assert answer.body["results"][1]["still_blocked"] == ["sms"]
    assert (in_force(EMAIL), in_force(PHONE)) == ([], ["opt_out@sms"])
    assert audited().count("reset") == 4  # two credentials, by person and by staff member


def test_what_closed_again_after_another_s_reset_is_lifted_and_not_called_good(between: Any) -> None:
    bounce()

    def reset_and_marked() -> None:
        assert outcomes(reset({"credentials": ["email"]})) == {"email": "reset"}
        assert mark({"credential": "email", "note": "dead"}).status == 200

    between(reset_and_marked)
    assert outcomes(reset({"credentials": ["email"]})) == {"email": "reset"}
    assert in_force(EMAIL) == []


def test_what_happens_to_a_credential_that_is_not_reset_is_no_matter(between: Any) -> None:
    """Without if_match nobody goes by the whole profile."""
    bounce()
    texts = [partial(text, event_id=str(number), occurred_at=clock("09:05")) for number in range(4)]
    between(*texts)
    assert outcomes(reset({"credentials": ["email"]})) == {"email": "reset"}
    assert (in_force(EMAIL), in_force(PHONE)) == ([], ["bounce@phone"])


def test_it_gives_up_after_three_acts_that_came_between(between: Any) -> None:
    bounce()
    between(*(partial(complaint, f"09:0{number}") for number in range(2, 6)))
    answer = reset({"credentials": ["email"], "consent": {"from": "Ada", "how": "by phone"}})
    assert (answer.status, answer.headers["content-type"]) == (409, "application/problem+json")
    assert (audited(), len(history.of(EMAIL))) == ([], 4)


def test_what_the_table_did_not_take_is_not_decided_anew(between: Any) -> None:
    """A transaction is cancelled where the table is throttled, too: then nobody was quicker."""
    bounce()
    tries: list[str] = []

    def throttled() -> None:
        tries.append("one")
        raise dynamodb.client().exceptions.TransactionCanceledException(
            {
                "Error": {"Code": "TransactionCanceledException", "Message": "x"},
                "CancellationReasons": [{"Code": "ThrottlingError"}, {"Code": "None"}],
            },
            "TransactWriteItems",
        )

    between(throttled)
    assert reset({"credentials": ["email"]}).status == 503
    assert (tries, in_force(EMAIL), audited()) == (["one"], ["bounce@email"], [])


def test_a_mark_by_hand_is_written_though_another_act_came_between(between: Any) -> None:
    between(bounce)
    assert mark({"credential": "email", "note": "dead"}).status == 200
    assert in_force(EMAIL) == ["manual@email", "bounce@email"]


@pytest.mark.parametrize(
    ("body", "register"),
    [
        ({"credential": "phone", "note": "A parent called: dead."}, "manual@phone"),
        ({"credential": "phone", "channel": "sms", "note": "x"}, "manual@sms"),
        ({"credential": "email", "ground": "unsubscribed", "note": "x"}, "unsubscribed@email"),
    ],
)
def test_staff_mark_a_credential_bad_by_hand(body: dict[str, str], register: str) -> None:
    assert mark(body).status == 200
    credential = ADA.credentials[CredentialKind(body["credential"])]
    assert in_force(credential) == [register]
    (item,) = history.of(credential)
    assert (item.kind.value, item.by, item.note) == ("marked", MANAGER.id, body["note"])
    assert (item.provider, item.moves, item.channel) == ("reachable", register, body.get("channel"))
    details = {"credential": body["credential"], "moves": register, "note": body["note"]}
    assert audit() == kept("marked", details)


@pytest.mark.parametrize("credential", ["email", "phone"])
def test_a_mark_by_hand_tells_the_profile_s_new_etag(credential: str) -> None:
    """So that whoever marked can reset next, with if_match."""
    text(cause=Cause.LANDLINE_OR_INCAPABLE)
    told = mark({"credential": credential, "note": "dead"}).body
    assert told == {"etag": call(profiles, "GET", f"/users/{ADA.id}", district.manager()).body["etag"]}
    assert outcomes(reset({"credentials": [credential]}, if_match=told["etag"])) == {credential: "reset"}


def test_a_mark_by_hand_is_lifted_by_a_reset() -> None:
    mark({"credential": "phone", "note": "dead"})
    assert outcomes(reset({"credentials": ["phone"]})) == {"phone": "reset"}


@pytest.mark.parametrize(
    ("path", "body", "status", "pointer"),
    [
        ("reset", {"credentials": []}, 400, "/credentials"),
        ("reset", {"credentials": ["fax"]}, 400, "/credentials/0"),
        ("reset", {"consent": {"from": "Ada"}}, 400, "/consent/how"),
        ("reset", {"surprise": 1}, 400, "/surprise"),
        ("reset", "no json", 400, None),
        ("blocks", {"credential": "email"}, 400, "/note"),
        ("blocks", {"credential": "email", "channel": "sms", "note": "x"}, 422, "/channel"),
        ("blocks", {"credential": "email", "ground": "bounce", "note": "x"}, 422, "/ground"),
    ],
)
def test_bad_input_is_refused_whole_and_says_where(
    path: str, body: object, status: int, pointer: str | None
) -> None:
    bounce()
    answer = post(f"/users/{ADA.id}/{path}", body)
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
    if pointer is not None:
        assert answer.body["errors"][0]["pointer"] == pointer
    assert in_force(EMAIL) == ["bounce@email"]


def test_a_credential_that_the_user_has_not_is_422() -> None:
    answer = reset({"credentials": ["phone", "email"]}, DENNIS.id)
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/credentials/1")


def test_what_a_reset_decides_by_is_read_consistently() -> None:
    """Who resets just after a bounce must see it; moto would not show the difference."""
    bounce()
    asked: dict[str, Any] = {}

    def note(params: dict[str, Any], **_: Any) -> None:
        if params["TableName"] == "credentials":
            asked[params["ExpressionAttributeValues"][":c"]["S"]] = params.get("ConsistentRead")

    events = dynamodb.client().meta.events
    events.register("provide-client-params.dynamodb.Query", note)
    assert outcomes(reset({})) == {"email": "reset", "phone": "already_good"}
    events.unregister("provide-client-params.dynamodb.Query", note)
    assert asked.items() >= {"email:ada@example.org": True, "phone:+12025550123": True}.items()


@pytest.mark.parametrize("path", ["reset", "blocks"])
@pytest.mark.parametrize(
    ("who", "claims", "status"),
    [
        (ADA.id, district.teacher(), 403),
        (ADA.id, district.claims(MANAGER, "district"), 403),
        (ADA.id, district.claims(MANAGER, "school_staff", "extended_history"), 403),
        (ADA.id, district.claims(MANAGER, "user_manager", token_use="id"), 403),
        (ADA.id, {"token_use": "access", "scope": "reachable/sends"}, 403),
        ("nobody", district.manager(), 404),
        (FAR.id, district.claims(MANAGER, "communications_administrator"), 200),
        (FAR.id, district.claims(MANAGER, "rostering_administrator"), 200),
    ],
)
def test_only_the_three_roles_reset_and_mark(
    path: str, who: str, claims: dict[str, Any], status: int
) -> None:
    body = {"credential": "email", "note": "x"} if path == "blocks" else {}
    assert post(f"/users/{who}/{path}", body, claims).status == status


def test_a_reset_with_an_empty_body_resets_all() -> None:
    bounce()
    answer = call(handler, "POST", f"/users/{ADA.id}/reset", district.manager())
    assert outcomes(answer) == {"email": "reset", "phone": "already_good"}


def test_who_is_let_in_by_iam_resets_and_marks_and_the_history_names_them() -> None:
    ada = {"id": ADA.id}
    dead = {"credential": "email", "note": "dead"}
    marked = invoke(handler, "POST /users/{id}/blocks", path=ada, body=dead)
    assert in_force(EMAIL) == ["manual@email"]
    assert set(marked.body) == {"etag"}
    done = invoke(handler, "POST /users/{id}/reset", path=ada, body={"credentials": ["email"]})
    assert done.body["results"][0]["outcome"] == "reset"
    assert {item.by for item in history.of(EMAIL)} == {"aws:maria@ops"}
