"""What an attack saw of people through profiles, searches and direct invokes, and must not see again."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import boto3
import pytest

from functions.messages.app import handler as messages
from functions.profiles.app import handler as profiles
from functions.reset.app import handler as resets
from functions.unsubscribe.app import handler as unsubscribe
from reachable.flows import apply
from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, DeliveryEvent, Kind, Permanence
from reachable.model.people import Holder, Role, RosterKind, User, id_of
from reachable.store import dynamodb
from reachable.store.credentials import holders
from reachable.words import as_csv
from tests.builders import clock, delivery_event, text_event
from tests.functions import district
from tests.functions.api import Answer, call, invoke
from tests.functions.district import (
    ADA,
    ALL,
    ART,
    CONTEXT,
    FAR,
    MANAGER,
    NORTH,
    PENDING,
    SOUTH,
    TEACHER,
    user,
)

pytestmark = pytest.mark.usefixtures("aws")

STOP: Final[dict[str, Any]] = {"kind": Kind.OPTED_OUT, "cause": Cause.OPT_OUT, "permanence": None}
PASSING: Final[dict[str, Any]] = {
    "cause": Cause.INACTIVE_OR_UNREACHABLE,
    "permanence": Permanence.TRANSIENT,
}
COMPLAINT: Final[dict[str, Any]] = {"kind": Kind.COMPLAINED, "cause": Cause.COMPLAINT, "permanence": None}


TEN: Final = clock("10:00")


def told(*events: DeliveryEvent, at: datetime = TEN) -> None:
    assert apply.events(events, at).failed is None


def get(path: str, claims: dict[str, Any] | None = None) -> Answer:
    return call(profiles, "GET", path, district.manager() if claims is None else claims)


def post_reset(who: User, **wish: Any) -> Answer:
    return call(resets, "POST", f"/users/{who.id}/reset", district.manager(), wish)


def found(claims: dict[str, Any], **wish: Any) -> list[str]:
    items = call(profiles, "POST", "/users/search", claims, {"q": ""} | wish).body["items"]
    return sorted(person["sourced_id"] for person in items)


def advice(profile: Mapping[str, Any], kind: str) -> list[str]:
    return [one["code"] for one in profile["guidance"] if one["credential"] == kind]


def audit() -> list[tuple[str, str, str | None]]:
    items = map(dynamodb.of_wire, dynamodb.client().scan(TableName="audit")["Items"])
    return sorted(
        (item["by"], item["act"], (item.get("details") or {}).get("outcome"))
        for item in items
        if item["subject"].startswith("staff#")
    )


# A shared address


def test_a_token_of_a_shared_address_tells_nothing_of_what_it_does_not_prove() -> None:
    mum = user("mum", "Mia Split", email="family@example.org", phone="202-555-0177")
    dad = user("dad", "Dan Split", email="family@example.org")
    district.import_(NORTH, mum, dad, MANAGER)
    told(text_event(address="+12025550177", **STOP))
    accounts = get("/me", district.claims(dad)).body["accounts"]
    assert [[one["value"] for one in account["credentials"]] for account in accounts] == [
        ["family@example.org"],
        ["family@example.org"],
    ]
    assert {one["credential"] for account in accounts for one in account["guidance"]} <= {"email"}
    both = district.claims(mum, phone_number="+12025550177", phone_number_verified=True)
    [hers] = [one for one in get("/me", both).body["accounts"] if one["sourced_id"] == "mum"]
    assert [one["kind"] for one in hers["credentials"]] == ["email", "phone"]


def test_what_staff_wrote_through_a_hidden_holder_is_not_read_through_another() -> None:
    far = user("far", "Fara Way", phone="202-555-0123", schools=(SOUTH.id,))
    district.import_(*(one for one in ALL if one is not FAR), far)
    told(text_event(event_id="r", **STOP | {"cause": Cause.REVOCATION}))
    consent = {"from": "Fara Way, aunt", "how": "at the South office"}
    assert post_reset(far, note="Fara Way left the shelter", consent=consent).status == 200
    own = district.claims(TEACHER, "teacher", "extended_history")
    events = get(f"/users/{ADA.id}/credentials/phone/events", own).body["items"]
    profile = get(f"/users/{ADA.id}", own).body
    assert "Fara" not in json.dumps([events, profile])
    assert [event["kind"] for event in events] == ["reset", "opted_out"]
    whole = get(f"/users/{ADA.id}/credentials/phone/events").body["items"][0]
    assert (whole["note"], whole["consent"]) == ("Fara Way left the shelter", consent)


def test_holders_are_cut_to_those_shown_after_the_scope() -> None:
    people = [user(f"u{n}", f"U{n} X", phone="202-555-0123", schools=()) for n in range(30)]
    people.sort(key=lambda one: one.id)
    hidden = [replace(one, schools=(SOUTH.id,)) for one in people[:25]]
    own = [replace(one, schools=(NORTH.id,)) for one in people[25:]]
    office = user("off", "Olive Office", Role.TEACHER, email="off@example.org")
    district.import_(NORTH, SOUTH, *hidden, *own, office)
    [phone] = get(f"/users/{own[0].id}", district.claims(office, "school_staff")).body["credentials"]
    assert {holder["id"] for holder in phone["holders"]} == {one.id for one in own[1:]}
    assert phone["other_holders"] == 25


# Searches


def test_a_teacher_finds_no_colleague_whose_profile_is_not_there() -> None:
    colleague = user("cole", "Cole League", Role.TEACHER, email="cole@example.org", classes=(ART.id,))
    district.import_(*ALL, colleague)
    assert get(f"/users/{colleague.id}", district.teacher()).status == 404
    assert found(district.teacher(), role="teacher") == ["tess"]
    assert "cole" not in found(district.teacher(), **{"class": ART.id})
    assert found(district.teacher(), status="bad") == []
    assert "cole" in found(district.manager(), **{"class": ART.id})
    assert "cole" in found(district.claims(TEACHER, "school_staff"), **{"class": ART.id})


def test_a_cursor_names_nobody() -> None:
    district.import_()
    ids = [id_of(RosterKind.USER, f"h{n}") for n in range(2001)]
    address = Credential.of_key("email:far@example.org")
    crowd = [
        Holder(
            user_id=id_, sourced_id=id_, name="x", language="en", schools=(SOUTH.id,), since=clock("06:00")
        )
        for id_ in ids
    ]
    holders.put((address, holder) for holder in crowd)
    page = call(profiles, "POST", "/users/search", district.teacher(), {"q": "far@example.org"}).body
    assert page["items"] == []
    assert page["next_cursor"] not in {*ids, FAR.id}


def test_a_school_that_nobody_may_know_of_is_not_there() -> None:
    district.import_()
    assert get("/schools/nowhere/classes").status == 404
    assert get(f"/schools/{SOUTH.id}/classes", district.teacher()).status == 404
    assert get(f"/schools/{NORTH.id}/classes", district.teacher()).status == 200


# What a profile tells


def test_the_etag_of_a_teacher_tells_nothing_that_the_profile_does_not() -> None:
    district.import_()
    path = f"/users/{ADA.id}"
    clean = get(path, district.teacher()).body
    told(delivery_event(event_id="c", **COMPLAINT))
    one = get(path, district.teacher()).body
    told(delivery_event(event_id="u", **STOP), at=clock("10:30"))
    assert get(path, district.teacher()).body == one != clean
    assert post_reset(ADA, consent={"from": "Ada", "how": "phone"}).status == 200
    assert get(path, district.teacher()).body == clean


def test_who_gets_a_number_after_a_reset_did_not_come_back() -> None:
    old = user("old", "Olga Old", phone="2025550188")
    district.import_(NORTH, old, MANAGER)
    told(text_event(address="+12025550188", **PASSING))
    assert post_reset(old).status == 200
    now = datetime.now(UTC)
    new = user("new", "Nora New", phone="2025550188")
    district.import_(NORTH, new, MANAGER, at=now + timedelta(hours=1))
    later = now + timedelta(hours=3)
    again = text_event(address="+12025550188", event_id="2", sent_at=later, occurred_at=later, **PASSING)
    told(again, at=later + timedelta(minutes=1))
    assert advice(get(f"/users/{new.id}").body, "phone") == ["reset_will_help"]


def test_a_reset_of_calls_makes_no_first_failure_of_texts_come_back() -> None:
    district.import_()
    body = {"credential": "phone", "channel": "voice", "note": "no calls at night"}
    assert call(resets, "POST", f"/users/{ADA.id}/blocks", district.manager(), body).status == 200
    assert post_reset(ADA, credentials=["phone"]).status == 200
    for days, expected in ((3, ["reset_will_help", "shared"]), (4, ["came_back", "shared"])):
        later = datetime.now(UTC) + timedelta(days=days)
        failed = text_event(event_id=f"{days}", sent_at=later, occurred_at=later, **PASSING)
        told(failed, at=later + timedelta(minutes=1))
        assert advice(get(f"/users/{ADA.id}").body, "phone") == expected
        assert post_reset(ADA).status == 200


def test_no_reset_is_called_needless_where_the_new_address_is_bad_too() -> None:
    district.import_(NORTH, user("ada", "Ada Reyes", email="old@example.org"), MANAGER)
    told(delivery_event(address="old@example.org"))
    district.import_(NORTH, user("ada", "Ada Reyes", email="new@example.org"), MANAGER, at=clock("12:00"))
    assert advice(get(f"/users/{ADA.id}").body, "email") == ["good", "good"]
    full = {"cause": Cause.MAILBOX_FULL, "permanence": Permanence.TRANSIENT, "event_id": "2"}
    at = {"sent_at": clock("13:00"), "occurred_at": clock("13:01")}
    told(delivery_event(address="new@example.org", **full, **at), at=clock("14:00"))
    assert advice(get(f"/users/{ADA.id}").body, "email") == ["reset_will_help"]


def test_start_is_promised_only_where_it_opens_something() -> None:
    district.import_()
    body = {"credential": "phone", "ground": "unsubscribed", "note": "x"}
    assert call(resets, "POST", f"/users/{ADA.id}/blocks", district.manager(), body).status == 200
    later = datetime.now(UTC) + timedelta(hours=1)
    told(
        text_event(event_id="r", occurred_at=later, sent_at=None, **STOP | {"cause": Cause.REVOCATION}),
        at=later,
    )
    profile = get(f"/users/{ADA.id}").body
    mine = get("/me", district.claims(ADA)).body["accounts"][0]
    texts = [
        one["text"] for who in (profile, mine) for one in who["guidance"] if one["credential"] == "phone"
    ]
    assert not [text for text in texts if "START" in text]


# What is kept


def test_a_refused_reset_is_on_record() -> None:
    district.import_()
    told(text_event(**STOP), delivery_event(event_id="c", **COMPLAINT))
    assert post_reset(ADA).status == 200
    refused = (MANAGER.id, "reset", "refused")
    assert audit() == [refused, refused]
    assert post_reset(PENDING).status == 200
    assert audit() == [(MANAGER.id, "reset", "already_good"), refused, refused]


def test_what_cannot_be_on_record_is_not_done(request: pytest.FixtureRequest) -> None:
    district.import_()
    request.getfixturevalue("silent_audit")
    remind = f"/users/{PENDING.id}/reminders"
    assert call(messages, "POST", remind, district.manager()).status == 503
    assert call(profiles, "POST", "/me", district.claims(PENDING), {"user_id": PENDING.id}).status == 503
    assert post_reset(ADA).status == 503
    queue = boto3.client("sqs").get_queue_url(QueueName="outbound")["QueueUrl"]
    assert "Messages" not in boto3.client("sqs").receive_message(QueueUrl=queue)
    [account] = get("/me", district.claims(PENDING)).body["accounts"]
    assert account["account_status"] == "pending"


# Doors


def test_a_ground_that_no_hand_sets_is_told_to_who_may_know_of_the_person() -> None:
    district.import_()
    for ground, nobody, ada in (("bounce", 404, 422), ("manual", 404, 200)):
        body = {"credential": "email", "note": "x", "ground": ground}
        assert call(resets, "POST", "/users/nobody/blocks", district.manager(), body).status == nobody
        assert call(resets, "POST", f"/users/{ADA.id}/blocks", district.manager(), body).status == ada


def test_a_direct_invoke_without_a_name_is_none() -> None:
    district.import_()
    path = f"/users/{ADA.id}"
    for operator in ("", "maria"):
        event = {
            "version": "2.0",
            "rawPath": path,
            "headers": {},
            "requestContext": {
                "stage": "$default",
                "operator": operator,
                "http": {"method": "GET", "path": path},
            },
        }
        assert profiles(event, CONTEXT)["statusCode"] == 403
    assert audit() == []


@pytest.mark.parametrize("name", ["\U0001f600", "x" * 101, "a\nb", "\u202e", "staff#1", "\0"])
def test_a_name_that_no_record_should_hold_is_refused(name: str) -> None:
    district.import_()
    assert invoke(profiles, "GET /schools", by=name).status == 400


@pytest.mark.parametrize("name", ["maria@ops", "Núñez, María", "arn:aws:sts::1:assumed-role/ops/maria+1"])
def test_a_name_of_a_person_or_role_is_kept(name: str) -> None:
    district.import_()
    assert invoke(profiles, "GET /schools", by=name).status == 200
    assert audit() == [(f"aws:{name}", "listed_schools", None)]


@pytest.mark.parametrize("body", [{"q": "a", "limit": 2**64}, {"q": "\ud800"}, {"q": float("nan")}])
def test_a_body_that_no_json_holds_is_refused(body: object) -> None:
    district.import_()
    assert invoke(profiles, "POST /users/search", body=body).status == 400


@pytest.mark.parametrize("value", ["1/messages", "../schools", "1?limit=1", "1#x"])
def test_no_value_makes_another_route_of_one(value: str) -> None:
    district.import_()
    assert invoke(profiles, "GET /users/{id}", path={"id": value}).status == 400
    assert audit() == []


def test_an_unsubscribe_link_is_read_by_direct_invoke_too() -> None:
    assert invoke(unsubscribe, "GET /unsubscribe/{token}", path={"token": "x"}).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/users/{}",
        "/users/{}/messages",
        "/users/{}/credentials/email/events",
        "/students/{}",
        "/schools/{}/classes",
    ],
)
def test_an_id_longer_than_a_key_is_nobody_s(path: str) -> None:
    district.import_()
    answer = get(path.format("a" * 3000))
    assert answer.status in {400, 404}


def test_an_empty_if_match_matches_nothing() -> None:
    district.import_()
    told(delivery_event())
    path = f"/users/{ADA.id}/reset"
    answer = call(resets, "POST", path, district.manager(), {}, headers={"if-match": ""})
    assert answer.status == 412
    assert post_reset(ADA).body["results"][0]["outcome"] == "reset"


def test_a_body_that_is_no_text_and_a_time_that_is_none_are_refused() -> None:
    district.import_()
    machine = {"sub": "newsletter", "token_use": "access", "scope": "reachable/sends"}
    for since in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        wish = {"status": "uncertain", "since": since}
        assert call(messages, "POST", "/messages/search", machine, wish).status == 400
    for claims, status in ((district.manager(), 400), (district.claims(ADA), 403)):

        def of_bytes(event: dict[str, Any], context: Any) -> dict[str, Any]:
            return profiles(event | {"body": "//79", "isBase64Encoded": True}, context)

        assert call(of_bytes, "POST", "/users/search", claims, {"q": "x"}).status == status


def test_a_person_with_a_machine_s_scope_is_named() -> None:
    district.import_()
    both = district.claims(MANAGER, "communications_administrator", scope="reachable/sends")
    assert call(messages, "POST", "/messages/search", both, {"status": "uncertain"}).status == 200
    assert audit() == [(MANAGER.id, "searched_messages", None)]


def test_who_accepts_an_account_is_on_record() -> None:
    district.import_()
    token = district.claims(PENDING, sub="token-of-dad")
    assert call(profiles, "POST", "/me", token, {"user_id": PENDING.id}).status == 200
    items = map(dynamodb.of_wire, dynamodb.client().scan(TableName="audit")["Items"])
    assert {item["details"]["subject"] for item in items} == {"token-of-dad"}


def test_a_cell_of_blanks_is_written_at_once() -> None:
    """In time that grows with its length: squared, this would take hours."""
    for blank in "\t \r'":
        written = as_csv(("a",), [{"a": f"x{blank * 1_000_000}"}])
        assert written.count(blank.encode()) == 1_000_000 + (blank == "\r") * 2
