"""Profiles: who sees what of whom, in plain words, and that every view is kept."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.profiles.app import handler
from functions.reset.app import handler as resets
from reachable.flows import apply, keep_lists
from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause, Channel, Kind, Permanence
from reachable.model.message import Message, MessageStatus, message_id
from reachable.model.people import AccountStatus, Holder, Role, User
from reachable.model.send import Purpose
from reachable.store import dynamodb
from reachable.store.credentials import holders, registers
from reachable.store.messages import last_messages, record
from tests.builders import change_by, clock, delivery_event, text_event
from tests.functions import district
from tests.functions.api import Answer, call, invoke
from tests.functions.district import (
    ADA,
    ART,
    BO,
    CONTEXT,
    DENNIS,
    FAR,
    MANAGER,
    NORTH,
    PENDING,
    SOUTH,
    TEACHER,
)

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture(autouse=True)
def _district(aws: None) -> None:
    district.settle()


def get(path: str, claims: dict[str, Any] | None = None, **more: Any) -> Answer:
    return call(handler, "GET", path, claims or district.manager(), **more)


def search(q: str, claims: dict[str, Any] | None = None, **more: Any) -> Answer:
    return call(handler, "POST", "/users/search", claims or district.manager(), {"q": q} | more)


def bounce(**event: Any) -> None:
    apply.events([delivery_event(**event)], clock("10:00"))


def credential(kind: str, profile: dict[str, Any]) -> dict[str, Any]:
    (found,) = (one for one in profile["credentials"] if one["kind"] == kind)
    assert isinstance(found, dict)
    return found


def credential_of(value: str, profile: dict[str, Any]) -> dict[str, Any]:
    (found,) = (one for one in profile["credentials"] if one["value"] == value)
    assert isinstance(found, dict)
    return found


def test_a_good_credential_is_shown_as_the_roster_has_it() -> None:
    profile = get(f"/users/{ADA.id}").body
    assert (profile["name"], profile["role"], profile["account_status"]) == (
        "Ada Reyes",
        "guardian",
        "active",
    )
    assert profile["students"] == [{"id": BO.id, "sourced_id": "bo", "name": "Bo Reyes", "relation": "child"}]
    assert [school["name"] for school in profile["schools"]] == ["North School"]
    email = credential("email", profile)
    assert (email["value"], email["typed"]) == ("ada@example.org", "Ada@example.org")
    assert (email["status"], email["open"], email["reason"], email["blocks"]) == ("good", ["email"], None, [])
    assert email["held_since"] == "2026-09-14T06:00:00Z"
    assert profile["actions"] == ["view", "reset", "mark", "extended"]


def test_a_bad_credential_says_why_in_plain_words_and_what_to_do() -> None:
    bounce(diagnostic="550 5.1.1 no such user", smtp_status="5.1.1")
    profile = get(f"/users/{ADA.id}").body
    email = credential("email", profile)
    assert (email["status"], email["open"]) == ("bad", [])
    assert email["reason"] == "This email address does not exist."
    assert email["blocks"] == [
        {
            "ground": "bounce",
            "channels": ["email"],
            "cause": "invalid_address",
            "permanence": "permanent",
            "reason": "This email address does not exist.",
            "provider_words": "550 5.1.1 no such user",
            "provider": "ses",
            "since": "2026-09-14T09:00:00Z",
            "until": None,
            "by": None,
            "by_name": None,
            "note": None,
            "lifted_by": None,
        }
    ]
    assert [one["code"] for one in profile["guidance"]] == ["fix_sis_first", "good"]


def test_a_block_whose_history_cannot_be_read_yet_is_shown_without_it() -> None:
    """The two are read apart, and the history eventually consistent."""
    change = change_by(delivery_event(diagnostic="550 5.1.1 no such user"), clock("10:00"))
    assert change is not None
    registers.move(ADA.credentials[CredentialKind.EMAIL], change)
    (block,) = credential("email", get(f"/users/{ADA.id}").body)["blocks"]
    assert (block["cause"], block["since"]) == ("invalid_address", "2026-09-14T09:00:00Z")
    assert (block["provider_words"], block["until"]) == (None, None)


def test_plain_words_come_in_the_reader_s_language() -> None:
    bounce()
    profile = get(f"/users/{ADA.id}", headers={"accept-language": "es-MX"}).body
    assert credential("email", profile)["reason"] == "Esta dirección de correo no existe."


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/users/nobody", 404, "Esa persona no existe, o usted no puede verla."),
        ("/nowhere", 404, "Esa ruta no existe."),
    ],
)
def test_a_refusal_is_in_the_language_of_the_browser(path: str, status: int, told: str) -> None:
    answer = get(path, headers={"accept-language": "es-MX"})
    assert (answer.status, answer.body["detail"]) == (status, told)


def test_a_suppression_after_a_complaint_is_shown_as_suppressed() -> None:
    bounce(kind=Kind.COMPLAINED, cause=Cause.PROVIDER_SUPPRESSED, permanence=None)
    profile = get(f"/users/{ADA.id}").body
    assert credential("email", profile)["blocks"][0]["ground"] == "suppressed"
    assert "consent_needed" in [one["code"] for one in profile["guidance"]]


def test_a_shared_credential_names_who_shares_it() -> None:
    apply.events([text_event()], clock("10:00"))
    profile = get(f"/users/{ADA.id}").body
    phone = credential("phone", profile)
    assert (phone["shared"], phone["status"]) == (True, "bad")
    assert phone["holders"] == [{"id": DENNIS.id, "name": "Dennis Reyes", "sourced_id": "dennis"}]
    assert "shared" in [one["code"] for one in profile["guidance"]]


def test_of_holders_out_of_scope_only_the_count_is_told() -> None:
    far = district.user("farther", "Fara Ther", email="ada@example.org", schools=FAR.schools)
    district.import_(*district.ALL, far)
    email = credential("email", get(f"/users/{ADA.id}", district.teacher()).body)
    assert (email["shared"], email["holders"], email["other_holders"]) == (True, [], 1)


def corrected() -> None:
    """The roster of a later day: another email of Ada's, and her old one is Fara's now."""
    ada = district.user(
        "ada", "Ada Reyes", email="ada.reyes@example.org", phone="202-555-0123", students=ADA.students
    )
    fara = district.user("far", "Fara Way", email="ada@example.org", schools=FAR.schools)
    district.import_(*(r for r in district.ALL if r not in (ADA, FAR)), ada, fara, at=clock("11:00"))


def emails(profile: dict[str, Any]) -> list[tuple[str, str, bool]]:
    return [
        (one["value"], one["status"], one["former"])
        for one in profile["credentials"]
        if one["kind"] == "email"
    ]


def test_a_corrected_address_is_shown_as_former_and_needs_no_reset() -> None:
    bounce(diagnostic="550 5.1.1 no such user")
    corrected()
    profile = get(f"/users/{ADA.id}").body
    assert emails(profile) == [
        ("ada.reyes@example.org", "good", False),
        ("ada@example.org", "bad", True),
    ]
    former = profile["credentials"][-1]
    assert (former["held_since"], former["held_until"]) == ("2026-09-14T06:00:00Z", "2026-09-14T11:00:00Z")
    assert former["blocks"][0]["provider_words"] == "550 5.1.1 no such user"
    assert (former["shared"], former["holders"], former["other_holders"]) == (False, [], 0)
    texts = [one["text"] for one in profile["guidance"] if one["code"] == "good"]
    assert "The email address was corrected on September 14, 2026; no reset is needed." in texts
    [event] = get(f"/users/{ADA.id}/credentials/email/events").body["items"]
    assert (event["kind"], event["value"]) == ("bounced", "ada@example.org")


def test_who_gets_an_address_sees_that_it_is_bad_but_not_what_was_said_to_the_one_before() -> None:
    bounce(diagnostic="550 5.1.1 no such user")
    corrected()
    profile = get(f"/users/{FAR.id}").body
    email = credential_of("ada@example.org", profile)
    assert (email["status"], email["blocks"][0]["provider_words"]) == ("bad", None)
    assert [one["code"] for one in profile["guidance"]] == ["reset_will_help"]
    assert get(f"/users/{FAR.id}/credentials/email/events").body["items"] == []


def test_what_happens_to_an_address_later_is_not_told_of_who_had_it_before() -> None:
    corrected()
    apply.events([delivery_event(sent_at=clock("12:00"), occurred_at=clock("12:01"))], clock("12:05"))
    assert emails(get(f"/users/{ADA.id}").body)[-1] == ("ada@example.org", "good", True)
    assert get(f"/users/{ADA.id}/credentials/email/events").body["items"] == []
    assert emails(get(f"/users/{FAR.id}").body)[0] == ("ada@example.org", "bad", False)


def test_a_child_at_another_school_opens_that_school_to_nobody() -> None:
    parent = district.user(
        "tess",
        "Tess Teacher",
        Role.TEACHER,
        email="tess@example.org",
        schools=(NORTH.id, SOUTH.id),
        works_at=(NORTH.id,),
    )
    district.import_(*(r for r in district.ALL if r != TEACHER), parent)
    staff = district.claims(parent, "school_staff")
    assert get(f"/users/{ADA.id}", staff).status == 200
    assert get(f"/users/{FAR.id}", staff).status == 404
    assert [one["name"] for one in get("/me", staff).body["schools"]] == ["North School"]


def test_ten_thousand_holders_of_one_address_fail_no_profile_and_no_reset() -> None:
    bounce()
    others = (
        Holder(
            user_id=f"h{n}",
            sourced_id=f"h{n}",
            name=f"Holder {n}",
            language="en",
            schools=(NORTH.id,),
            since=district.IMPORTED,
        )
        for n in range(10_000)
    )
    holders.put((ADA.credentials[CredentialKind.EMAIL], one) for one in others)
    email = credential("email", get(f"/users/{ADA.id}").body)
    assert (email["status"], email["shared"], len(email["holders"])) == ("bad", True, 25)
    assert email["other_holders"] == 9_975


def test_a_pending_account_is_shown_as_pending() -> None:
    profile = get(f"/users/{PENDING.id}").body
    assert profile["account_status"] == "pending"
    assert profile["guidance"][0]["code"] == "remind"


def test_without_the_extended_permission_no_blocks_and_no_history() -> None:
    bounce()
    profile = get(f"/users/{ADA.id}", district.teacher()).body
    email = credential("email", profile)
    assert (email["status"], email["open"], email["blocks"]) == ("bad", [], [])
    assert "credentials/blocks" in profile["hidden"]
    assert profile["actions"] == ["view"]
    assert get(f"/users/{ADA.id}/credentials/email/events", district.teacher()).status == 403
    extended = district.claims(TEACHER, "teacher", "extended_history")
    assert get(f"/users/{ADA.id}/credentials/email/events", extended).status == 200


@pytest.mark.parametrize("path", [f"/users/{FAR.id}", "/users/nobody", f"/students/{FAR.id}"])
def test_who_is_out_of_scope_is_told_apart_from_nobody_by_nothing(path: str) -> None:
    answer = get(path, district.teacher())
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.body["detail"] == get(path.replace(FAR.id, "nobody"), district.teacher()).body["detail"]


def test_district_roles_see_every_school() -> None:
    assert get(f"/users/{FAR.id}").status == 200
    assert get(f"/users/{FAR.id}", district.claims(MANAGER, "district")).status == 200


def test_history_comes_newest_first_page_by_page() -> None:
    for number in range(5):
        bounce(event_id=str(number), occurred_at=clock(f"09:0{number}"))
    first = get(f"/users/{ADA.id}/credentials/email/events", query={"limit": "2"}).body
    assert [one["occurred_at"] for one in first["items"]] == ["2026-09-14T09:04:00Z", "2026-09-14T09:03:00Z"]
    rest = get(
        f"/users/{ADA.id}/credentials/email/events", query={"limit": "200", "cursor": first["next_cursor"]}
    ).body
    assert [one["occurred_at"][11:16] for one in rest["items"]] == ["09:02", "09:01", "09:00"]
    assert rest["next_cursor"] is None
    assert rest["items"][0]["reason"] == "This email address does not exist."


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        (f"/users/{ADA.id}/credentials/fax/events", {}, 400),
        (f"/users/{ADA.id}/credentials/email/events", {"limit": "0"}, 400),
        (f"/users/{ADA.id}/credentials/email/events", {"limit": "201"}, 400),
        (f"/users/{ADA.id}/credentials/email/events", {"cursor": "x"}, 422),
        (f"/users/{DENNIS.id}/credentials/email/events", {}, 404),
        ("/nowhere", {}, 404),
    ],
)
def test_bad_input_has_a_problem_document(path: str, query: dict[str, str], status: int) -> None:
    answer = get(path, query=query)
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")


def test_the_etag_changes_when_the_status_does() -> None:
    before = get(f"/users/{ADA.id}")
    assert before.headers["etag"] == before.body["etag"] == get(f"/users/{ADA.id}").body["etag"]
    bounce()
    assert get(f"/users/{ADA.id}").body["etag"] != before.body["etag"]


def test_a_student_shows_guardians_and_whether_each_can_be_reached() -> None:
    bounce()
    student = get(f"/students/{BO.id}", district.teacher()).body
    assert (student["name"], student["grade"], student["hidden"]) == ("Bo Reyes", "3", [])
    assert [(one["name"], one["relation"], one["reachable"]) for one in student["guardians"]] == [
        ("Ada Reyes", "mother", ["sms", "voice"]),
        ("Dennis Reyes", "father", ["sms", "voice"]),
    ]
    assert [one["name"] for one in student["classes"]] == ["Art"]


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("ada", ["Ada Reyes"]),
        ("REY", ["Ada Reyes", "Dennis Reyes"]),
        ("rey den", ["Dennis Reyes"]),
        ("fara", ["Fara Way"]),
        ("nobody", []),
    ],
)
def test_users_are_found_by_the_beginnings_of_their_names(q: str, names: list[str]) -> None:
    assert sorted(one["name"] for one in search(q).body["items"]) == names


def test_search_tells_nothing_of_people_out_of_scope() -> None:
    assert search("fara", district.teacher()).body == {"items": [], "next_cursor": None}


def test_a_summary_has_no_address() -> None:
    (found,) = search("ada").body["items"]
    assert found["reachable"] == ["email", "sms", "voice"]
    assert "ada@example.org" not in str(found)
    assert "2025550123" not in str(found)


def test_me_shows_the_accounts_that_the_token_proves() -> None:
    me = get("/me", district.teacher()).body
    assert [one["id"] for one in me["accounts"]] == [TEACHER.id]
    assert (me["roles"], me["actions"]) == (["teacher"], ["view", "search", "lists", "statistics"])
    assert me["viewer"] == {"id": TEACHER.id, "sourced_id": "tess", "name": "Tess Teacher"}
    assert me["sees_district"] is False
    assert [one["name"] for one in me["schools"]] == ["North School"]
    assert [one["name"] for one in me["classes"]] == ["Art"]


def test_a_shared_address_is_one_token_and_two_accounts() -> None:
    parent = district.user("tess-parent", "Tess Teacher", email="tess@example.org")
    district.import_(*district.ALL, parent)
    me = get("/me", district.teacher()).body
    assert {one["role"] for one in me["accounts"]} == {"teacher", "guardian"}
    assert (me["viewer"]["id"], "search" in me["actions"]) == (TEACHER.id, True)
    assert get(f"/users/{ADA.id}", district.teacher()).status == 200


@pytest.mark.parametrize(
    ("role", "more"),
    [
        ("district", []),
        ("user_manager", ["reset", "mark", "remind", "extended", "incidents"]),
        ("rostering_administrator", ["reset", "mark", "remind", "extended", "incidents", "import"]),
        ("communications_administrator", ["reset", "mark", "remind", "extended", "incidents", "messages"]),
    ],
)
def test_me_has_all_that_a_console_makes_its_menu_of(role: str, more: list[str]) -> None:
    me = get("/me", district.claims(MANAGER, role)).body
    assert set(me["actions"]) == {"view", "search", "lists", "statistics", "providers", *more}
    assert (me["viewer"]["name"], me["sees_district"]) == ("Max Manager", True)


def test_me_of_whom_every_door_refuses_offers_nothing() -> None:
    twin = district.user("twin", "Max Manager", MANAGER.role, email="max@example.org", schools=())
    district.import_(*district.ALL, twin)
    for claims in (district.manager(), district.claims(TEACHER, "extended_history")):
        me = get("/me", claims).body
        assert (me["viewer"], me["actions"], me["sees_district"]) == (None, [], False)


def test_me_of_a_guardian_gives_no_actions_and_changes_nothing() -> None:
    me = get("/me", district.claims(PENDING)).body
    assert (me["accounts"][0]["account_status"], me["actions"]) == ("pending", [])
    assert get(f"/users/{PENDING.id}").body["account_status"] == AccountStatus.PENDING.value


@pytest.mark.parametrize(
    "claims",
    [
        district.claims(MANAGER),  # no role
        district.claims(MANAGER, "extended_history"),
        district.claims(ADA, "user_manager"),  # a guardian's account
        district.claims(None, "user_manager"),  # proves no credential
        district.claims(MANAGER, "user_manager", email_verified="false"),
        district.claims(MANAGER, "user_manager", token_use="id"),
        {"token_use": "access", "scope": "reachable/sends"},
    ],
)
def test_who_is_no_staff_is_refused(claims: dict[str, Any]) -> None:
    for path in (f"/users/{ADA.id}", f"/students/{BO.id}"):
        assert get(path, claims).status == 403
    assert search("ada", claims).status == 403


def test_a_token_that_fits_several_staff_accounts_is_refused() -> None:
    twin = district.user("twin", "Max Manager", MANAGER.role, email="max@example.org", schools=())
    district.import_(*district.ALL, twin)
    answer = get(f"/users/{ADA.id}")
    assert answer.status == 403
    assert "several" in answer.body["detail"]


def audited(act: str) -> list[tuple[str, str]]:
    """Who did it, and under whom it is kept."""
    items = dynamodb.client().scan(TableName="audit")["Items"]
    return sorted((item["by"]["S"], item["subject"]["S"]) for item in items if item["act"]["S"] == act)


@pytest.mark.parametrize(
    ("path", "act"),
    [
        ("", "viewed"),
        ("/credentials/email/events", "viewed_events"),
        ("/messages", "viewed_messages"),
    ],
)
def test_every_view_is_kept_by_person_and_by_staff_member(path: str, act: str) -> None:
    assert get(f"/users/{ADA.id}{path}").status == 200
    assert audited(act) == [(MANAGER.id, f"staff#{MANAGER.id}"), (MANAGER.id, f"user#{ADA.id}")]
    assert len(dynamodb.client().scan(TableName="audit")["Items"]) == 2


def test_the_api_describes_itself() -> None:
    document = get("/openapi.json", {}).body
    assert document["openapi"].startswith("3.1")
    assert "/users/{user_id}/reset" in document["paths"]


def test_who_is_let_in_by_iam_sees_the_same_and_the_audit_names_them() -> None:
    bounce()
    shown = invoke(handler, "GET /users/{id}", path={"id": ADA.id})
    assert shown.body == get(f"/users/{ADA.id}").body
    route = "GET /users/{id}/credentials/{kind}/events"
    events = invoke(handler, route, path={"id": ADA.id, "kind": "email"}, query={"limit": "1"})
    assert [event["kind"] for event in events.body["items"]] == ["bounced"]
    items = dynamodb.client().scan(TableName="audit")["Items"]
    assert "staff#aws:maria@ops" in {item["subject"]["S"] for item in items}


@pytest.mark.parametrize(
    ("event", "status", "pointer"),
    [
        ({"route": "GET /schools"}, 400, "/as"),
        ({"as": " ", "route": "GET /schools"}, 400, "/as"),
        ({"as": "x"}, 400, "/route"),
        ({"as": "x", "route": "DELETE /schools"}, 400, "/route"),
        ({"as": "x", "route": "GET /schools", "query": {"limit": 1}}, 400, "/query/limit"),
        ({"as": "x", "route": "GET /schools", "claims": {"sub": "me"}}, 400, "/claims"),
        ({"as": "x", "route": "GET /users/{id}"}, 404, None),
        ({"as": "x", "route": "POST /users/search", "body": {"q": 1}}, 400, "/q"),
        ({"as": "x", "route": "GET /nothing"}, 404, None),
    ],
)
def test_a_direct_invoke_says_who_asks_for_what(
    event: dict[str, Any], status: int, pointer: str | None
) -> None:
    told = handler(event, CONTEXT)
    problem = json.loads(told["body"])
    assert (told["statusCode"], problem["status"]) == (status, status)
    assert [error["pointer"] for error in problem.get("errors", [])] == ([pointer] if pointer else [])


def test_an_invitation_is_accepted_by_who_proves_a_credential_of_it() -> None:
    def accept(claims: dict[str, Any]) -> Answer:
        return call(handler, "POST", "/me", claims, {"user_id": PENDING.id})

    assert accept(district.claims(ADA)).status == 404
    assert accept(district.claims(PENDING, email_verified="false")).status == 404
    assert get(f"/users/{PENDING.id}").body["account_status"] == "pending"
    accepted = accept(district.claims(PENDING))
    assert accepted.body["accounts"][0]["account_status"] == "active"
    assert get(f"/users/{PENDING.id}").body["account_status"] == "active"
    assert accept(district.claims(PENDING)).status == 200
    accepted_once = [(PENDING.id, f"staff#{PENDING.id}"), (PENDING.id, f"user#{PENDING.id}")]
    assert audited("accepted") == accepted_once


def test_an_invitation_is_accepted_by_the_roster_s_own_id_too() -> None:
    accepted = call(handler, "POST", "/me", district.claims(PENDING), {"sourced_id": "penny"})
    assert accepted.status == 200
    assert accepted.body["accounts"][0]["account_status"] == "active"


@pytest.mark.parametrize("body", [{}, {"user_id": PENDING.id, "sourced_id": "penny"}])
def test_whose_invitation_is_accepted_is_said_by_one_id(body: dict[str, str]) -> None:
    answer = call(handler, "POST", "/me", district.claims(PENDING), body)
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (400, "")
    assert get(f"/users/{PENDING.id}").body["account_status"] == "pending"


@pytest.mark.parametrize(
    ("wish", "names"),
    [
        ({"q": "ADA@example.org"}, ["Ada Reyes"]),
        ({"q": "(202) 555-0123"}, ["Ada Reyes", "Dennis Reyes"]),
        ({"q": "202-555-0123"}, ["Ada Reyes", "Dennis Reyes"]),
        ({"q": "1.202.555.0123"}, ["Ada Reyes", "Dennis Reyes"]),
        ({"q": "2025550123"}, ["Ada Reyes", "Dennis Reyes"]),
        ({"q": "202/555\u20130123"}, ["Ada Reyes", "Dennis Reyes"]),
        ({"q": "202\u00a0555\u20110123"}, ["Ada Reyes", "Dennis Reyes"]),
        ({"q": "555-0123"}, []),
        ({"q": "rey ad"}, ["Ada Reyes"]),
        ({"q": "AD rEy"}, ["Ada Reyes"]),
        ({"account_status": "pending", "school": NORTH.id}, ["Penny Ding"]),
        ({"account_status": "pending", "school": SOUTH.id}, []),
        ({"account_status": "pending", "class": ART.id}, []),
        ({"q": "+1 202 555 0123", "status": "bad"}, ["Ada Reyes"]),
        ({"q": "nobody@example.org"}, []),
        ({"account_status": "pending"}, ["Penny Ding"]),
        ({"role": "teacher"}, ["Tess Teacher"]),
        ({"school": SOUTH.id}, ["Fara Way"]),
        ({"class": ART.id, "role": "guardian"}, ["Ada Reyes", "Dennis Reyes"]),
        ({"q": "r", "status": "bad"}, ["Ada Reyes"]),
        ({"q": "r", "status": "good"}, ["Dennis Reyes"]),
        ({"school": "nowhere"}, []),
        ({"class": "nothing"}, []),
    ],
)
def test_users_are_found_by_address_and_filters(wish: dict[str, str], names: list[str]) -> None:
    bounce()
    keep_lists.of(ADA.credentials[CredentialKind.EMAIL])
    answer = call(handler, "POST", "/users/search", district.manager(), wish)
    assert answer.status == 200, answer.body
    assert sorted(one["name"] for one in answer.body["items"]) == names


def test_a_list_without_words_goes_by_family_name_and_has_who_has_one_name_only() -> None:
    """Each once, whatever order they were imported in."""
    zed, cher = district.user("zed", "Zed Abel"), district.user("cher", "Cher")
    prince = replace(district.user("prince", "Prince"), given_name="", family_name="Prince")
    district.import_(NORTH, SOUTH, MANAGER, FAR, zed, prince, PENDING, cher)
    answer = call(handler, "POST", "/users/search", district.manager(), {"role": "guardian"})
    assert [one["name"] for one in answer.body["items"]] == [
        "Zed Abel",
        "Cher",
        "Penny Ding",
        "Prince",
        "Fara Way",
    ]


@pytest.mark.parametrize(("limit", "status"), [(0, 400), (1, 200), (200, 200), (201, 400)])
def test_a_page_has_1_to_200_lines(limit: int, status: int) -> None:
    assert search("ada", limit=limit).status == status


@pytest.mark.parametrize(
    "wish", [{"q": "far@example.org"}, {"school": SOUTH.id}, {"q": "fara"}, {"role": "district"}]
)
def test_no_filter_leads_out_of_scope(wish: dict[str, str]) -> None:
    for role in ("teacher", "school_staff"):
        claims = district.claims(TEACHER, role)
        assert call(handler, "POST", "/users/search", claims, wish).body["items"] == []


def test_a_search_for_everybody_is_refused() -> None:
    assert call(handler, "POST", "/users/search", district.manager(), {}).status == 422


def test_students_are_found_in_scope() -> None:
    for claims in (district.teacher(), district.manager()):
        found = call(handler, "POST", "/students/search", claims, {"q": "bo"}).body["items"]
        assert [(one["name"], one["grade"]) for one in found] == [("Bo Reyes", "3")]
    idle = district.user("idle", "Ida Idle", TEACHER.role, email="ida@example.org")
    district.import_(*district.ALL, idle)
    claims = district.claims(idle, "teacher")
    assert call(handler, "POST", "/students/search", claims, {"q": "bo"}).body["items"] == []


def test_schools_and_classes_of_the_viewer_are_listed() -> None:
    assert [one["name"] for one in get("/schools").body["items"]] == ["North School", "South School"]
    assert [one["name"] for one in get("/schools", district.teacher()).body["items"]] == ["North School"]
    assert [one["name"] for one in get(f"/schools/{NORTH.id}/classes", district.teacher()).body["items"]] == [
        "Art"
    ]
    assert get(f"/schools/{SOUTH.id}/classes", district.teacher()).status == 404


def sent(number: int, at: str, user: User = ADA, delivered: str | None = None) -> Message:
    came = {MessageStatus.DELIVERED: clock(delivered)} if delivered else {}
    made = Message(
        id=message_id(user.id, clock(at), str(number)),
        user_id=user.id,
        channel=Channel.EMAIL,
        purpose=Purpose.GENERAL,
        queued_at=clock(at),
        credential=user.credentials[CredentialKind.EMAIL],
        subject=f"News {number}",
        provider="ses",
        at={MessageStatus.SENT: clock(at)} | came,
    )
    record.put(made)
    last_messages.tell(made)
    return made


def test_messages_are_shown_newest_first_page_by_page_without_their_words() -> None:
    for number, at in enumerate(("07:00", "08:00", "09:00")):
        sent(number, at)
    first = get(f"/users/{ADA.id}/messages", query={"limit": "2"}).body
    assert [one["subject"] for one in first["items"]] == ["News 2", "News 1"]
    rest = get(f"/users/{ADA.id}/messages", query={"limit": "2", "cursor": first["next_cursor"]}).body
    assert [one["subject"] for one in rest["items"]] == ["News 0"]
    assert rest["next_cursor"] is None
    assert "text" not in rest["items"][0]


def test_why_a_message_did_not_arrive_comes_in_the_reader_s_language() -> None:
    bounced = sent(1, "09:00")
    record.note(bounced.id, {MessageStatus.BOUNCED: clock("09:01")}, {MessageStatus.BOUNCED: "mailbox_full"})
    for language, why in (("en", "The mailbox is full."), ("es-US,en;q=0.5", "El buzón está lleno.")):
        [item] = get(f"/users/{ADA.id}/messages", headers={"accept-language": language}).body["items"]
        assert (item["reason"], item["why"]) == ("mailbox_full", why)


def test_the_last_message_to_each_credential_is_on_the_profile_and_in_the_guidance() -> None:
    sent(1, "07:00")
    sent(2, "08:00", delivered="08:01")
    profile = get(f"/users/{ADA.id}").body
    assert credential("email", profile)["last_message"] == {
        "channel": "email",
        "status": "delivered",
        "at": "2026-09-14T08:01:00Z",
    }
    assert credential("phone", profile)["last_message"] is None
    [text] = [one["text"] for one in profile["guidance"] if one["credential"] == "email"]
    assert "the last message to it was delivered on September 14, 2026" in text


def test_messages_are_for_the_extended_permission_alone() -> None:
    sent(1, "08:00")
    assert get(f"/users/{ADA.id}/messages", district.teacher()).status == 403
    profile = get(f"/users/{ADA.id}", district.teacher()).body
    assert credential("email", profile)["last_message"] is None
    assert "credentials/last_message" in profile["hidden"]
    assert get("/users/nobody/messages").status == 404


def test_a_cursor_of_somebody_else_s_messages_leads_nowhere() -> None:
    other = sent(1, "08:00", FAR)
    for cursor in (other.id, "x"):
        assert get(f"/users/{ADA.id}/messages", query={"cursor": cursor}).status == 422


def told(profile: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(one["code"], one["credential"]) for one in profile["guidance"]]


LEFT_OUT = ["credentials/blocks", "credentials/last_message", "credentials/upstream"]
"""What every profile without the extended permission says that it hides, whatever there is to hide."""
_EMAIL: dict[str, Any] = {
    "kind": "email",
    "value": "ada@example.org",
    "typed": "Ada@example.org",
    "status": "bad",
    "open": [],
    "reason": None,
    "since": None,
    "shared": False,
    "holders": [],
    "other_holders": 0,
    "held_since": "2026-09-14T06:00:00Z",
    "held_until": None,
    "former": False,
    "last_message": None,
    "blocks": [],
    "upstream": [],
}
_PHONE = _EMAIL | {
    "kind": "phone",
    "value": "+12025550123",
    "typed": "(202) 555-0123",
    "status": "good",
    "open": ["sms", "voice"],
    "shared": True,
    "holders": [{"id": DENNIS.id, "name": "Dennis Reyes", "sourced_id": "dennis"}],
}
_GOOD_EMAIL = _EMAIL | {"status": "good", "open": ["email"]}
_BOUNCED = {"reason": "This email address does not exist.", "since": "2026-09-14T09:00:00Z"}
_STOPPED = {"status": "bad", "open": ["voice"]}
_NO_EMAIL = {
    "code": "wants_no_contact",
    "did_you_mean": None,
    "credential": "email",
    "text": "Messages to this email address are not wanted. Reach the person in another way.",
}
_NO_TEXTS = {
    "code": "wants_no_contact",
    "did_you_mean": None,
    "credential": "phone",
    "text": "Messages to this phone number are not wanted. Reach the person in another way.",
}
_FIX = {
    "code": "fix_sis_first",
    "did_you_mean": None,
    "credential": "email",
    "text": "Correct the email address in the student information system first: a reset alone will not help, "
    "since it has not changed there since it failed.",
}
_BLOCK = {
    "ground": "bounce",
    "channels": ["email"],
    "cause": "invalid_address",
    "permanence": "permanent",
    "reason": "This email address does not exist.",
    "provider_words": None,
    "provider": "ses",
    "since": "2026-09-14T09:00:00Z",
    "until": None,
    "by": None,
    "by_name": None,
    "note": None,
    "lifted_by": None,
}


def complaint() -> None:
    bounce(kind=Kind.COMPLAINED, cause=Cause.COMPLAINT, permanence=None, diagnostic="abuse")


def unsubscribe() -> None:
    bounce(kind=Kind.OPTED_OUT, cause=Cause.OPT_OUT, permanence=None)


def stop() -> None:
    apply.events([text_event(kind=Kind.OPTED_OUT, cause=Cause.OPT_OUT, permanence=None)], clock("10:00"))


def ada(credentials_: list[dict[str, Any]], guidance: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """Ada's profile, whole but for the etag."""
    return {
        "id": ADA.id,
        "sourced_id": "ada",
        "name": "Ada Reyes",
        "role": "guardian",
        "account_status": "active",
        "language": "en",
        "schools": [{"id": NORTH.id, "name": "North School", "sourced_id": "north"}],
        "students": [{"id": BO.id, "sourced_id": "bo", "name": "Bo Reyes", "relation": "child"}],
        "credentials": credentials_,
        "guidance": guidance,
        "actions": ["view"],
        "hidden": LEFT_OUT,
    } | changes


def shown(claims: dict[str, Any]) -> dict[str, Any]:
    profile = get(f"/users/{ADA.id}", claims).body
    assert isinstance(profile, dict)
    del profile["etag"]
    return profile


type Happening = Callable[[], None]


@pytest.mark.parametrize(
    ("happens", "credentials_", "guidance"),
    [
        (bounce, [_EMAIL | _BOUNCED, _PHONE], [_FIX]),
        (complaint, [_EMAIL, _PHONE], [_NO_EMAIL]),
        (unsubscribe, [_EMAIL, _PHONE], [_NO_EMAIL]),
        (stop, [_GOOD_EMAIL, _PHONE | _STOPPED], [_NO_TEXTS]),
    ],
)
def test_what_a_teacher_sees(
    happens: Happening, credentials_: list[dict[str, Any]], guidance: list[dict[str, Any]]
) -> None:
    """Of a bounce its reason and since when; of what a person does not want that alone."""
    happens()
    assert shown(district.teacher()) == ada(credentials_, guidance)


_OWN_PHONE = _PHONE | {"holders": [], "other_holders": 1}


@pytest.mark.parametrize(
    ("happens", "credentials_", "guidance"),
    [
        (
            bounce,
            [_EMAIL | _BOUNCED, _OWN_PHONE],
            [
                {
                    "code": "fix_sis_first",
                    "did_you_mean": None,
                    "credential": "email",
                    "text": "Messages to this email address do not arrive. If it is wrong or out of use, "
                    "tell the school's office the right one.",
                }
            ],
        ),
        *(
            (
                said,
                [_EMAIL, _OWN_PHONE],
                [
                    {
                        "code": "wants_no_contact",
                        "did_you_mean": None,
                        "credential": "email",
                        "text": "Messages to this email address were declined. If you want them again, tell "
                        "the school's office.",
                    }
                ],
            )
            for said in (complaint, unsubscribe)
        ),
        (
            stop,
            [_GOOD_EMAIL, _OWN_PHONE | _STOPPED],
            [
                {
                    "code": "wants_no_contact",
                    "did_you_mean": None,
                    "credential": "phone",
                    "text": "Texts to this phone number were stopped. To get them again, text START to the "
                    "number that our texts come from.",
                }
            ],
        ),
    ],
)
def test_what_a_guardian_sees_of_themselves(
    happens: Happening, credentials_: list[dict[str, Any]], guidance: list[dict[str, Any]]
) -> None:
    happens()
    assert get("/me", district.claims(ADA)).body == {
        "accounts": [
            {
                "id": ADA.id,
                "sourced_id": "ada",
                "role": "guardian",
                "name": "Ada Reyes",
                "account_status": "active",
                "credentials": credentials_,
                "guidance": guidance,
            }
        ],
        "viewer": None,
        "sees_district": False,
        "roles": [],
        "actions": [],
        "schools": [{"id": NORTH.id, "name": "North School", "sourced_id": "north"}],
        "classes": [],
    }


_COMPLAINED = _BLOCK | {
    "ground": "complaint",
    "cause": "complaint",
    "permanence": None,
    "reason": "This person marked one of our messages as junk mail.",
    "provider_words": "abuse",
    "since": "2026-09-14T09:01:00Z",
}
_UNSUBSCRIBED = _COMPLAINED | {
    "ground": "unsubscribed",
    "cause": "opt_out",
    "reason": "This person asked for no more email.",
    "provider_words": None,
}
_OPTED_OUT = _UNSUBSCRIBED | {
    "ground": "opt_out",
    "channels": ["sms"],
    "reason": "This person replied STOP to our texts.",
    "provider": "twilio",
}
_CONSENT = {
    "code": "consent_needed",
    "did_you_mean": None,
    "credential": "email",
    "text": "This person asked for no more messages. Ask them, then reset with their consent: "
    "who gave it and how.",
}
_NONE_SENT = {
    "code": "good",
    "did_you_mean": None,
    "credential": "phone",
    "text": "Nothing blocks this phone number. No message to it is known.",
}


def _why(block: dict[str, Any]) -> dict[str, Any]:
    return {"reason": block["reason"], "since": block["since"], "blocks": [block]}


@pytest.mark.parametrize(
    ("happens", "credentials_", "guidance"),
    [
        (bounce, [_EMAIL | _why(_BLOCK), _PHONE], [_FIX, _NONE_SENT]),
        (complaint, [_EMAIL | _why(_COMPLAINED), _PHONE], [_CONSENT, _NONE_SENT]),
        (unsubscribe, [_EMAIL | _why(_UNSUBSCRIBED), _PHONE], [_CONSENT, _NONE_SENT]),
        (
            stop,
            [_GOOD_EMAIL, _PHONE | _STOPPED | _why(_OPTED_OUT)],
            [
                {
                    "code": "good",
                    "did_you_mean": None,
                    "credential": "email",
                    "text": "Nothing blocks this email address. No message to it is known.",
                },
                {
                    "code": "start_needed",
                    "did_you_mean": None,
                    "credential": "phone",
                    "text": "This person replied STOP. Only they can undo it: ask them to text START to the "
                    "number that our texts come from.",
                },
                {
                    "code": "shared",
                    "did_you_mean": None,
                    "credential": "phone",
                    "text": "Others share this phone number. A reset opens it for them too.",
                },
            ],
        ),
    ],
)
def test_what_a_user_manager_sees(
    happens: Happening, credentials_: list[dict[str, Any]], guidance: list[dict[str, Any]]
) -> None:
    happens()
    actions = ["view", "reset", "mark", "extended"]
    assert shown(district.manager()) == ada(credentials_, guidance, actions=actions, hidden=[])


@pytest.mark.parametrize("happens", [complaint, unsubscribe])
def test_a_student_s_profile_tells_only_what_is_open(happens: Happening) -> None:
    happens()
    for claims in (district.teacher(), district.manager()):
        student = get(f"/students/{BO.id}", claims).body
        assert student["guardians"][0] == {
            "id": ADA.id,
            "sourced_id": "ada",
            "name": "Ada Reyes",
            "relation": "mother",
            "account_status": "active",
            "reachable": ["sms", "voice"],
        }
        assert student["hidden"] == []


def marked(path: str, body: dict[str, Any], **by: Any) -> None:
    route, where = f"POST /users/{{id}}/{path}", {"id": ADA.id}
    if by:
        assert invoke(resets, route, path=where, body=body, **by).status == 200
    else:
        assert call(resets, "POST", f"/users/{ADA.id}/{path}", district.manager(), body).status == 200


def test_who_did_it_is_named_and_whose_word_it_was() -> None:
    marked("blocks", {"credential": "email", "ground": "unsubscribed", "note": "Said so on the phone."})
    marked("blocks", {"credential": "phone", "note": "Disconnected."}, by="maria@ops")
    profile = get(f"/users/{ADA.id}").body
    by = [(one["blocks"][0]["by"], one["blocks"][0]["by_name"]) for one in profile["credentials"]]
    assert by == [(MANAGER.id, "Max Manager"), ("aws:maria@ops", None)]
    consent = {"from": "Ada Reyes", "how": "in person"}
    marked("reset", {"credentials": ["email"], "consent": consent})
    reset, mark = get(f"/users/{ADA.id}/credentials/email/events").body["items"]
    assert (reset["kind"], reset["by"], reset["by_name"]) == ("reset", MANAGER.id, "Max Manager")
    assert reset["consent"] == consent
    assert (mark["kind"], mark["by_name"], mark["consent"]) == ("marked", "Max Manager", None)
    [by_ops] = get(f"/users/{ADA.id}/credentials/phone/events").body["items"]
    assert (by_ops["by"], by_ops["by_name"]) == ("aws:maria@ops", None)


def test_who_has_left_is_still_named_by_what_they_did() -> None:
    marked("blocks", {"credential": "email", "note": "Said so on the phone."})
    other = district.user("mia", "Mia Manager", MANAGER.role, email="mia@example.org", schools=())
    district.import_(*(r for r in district.ALL if r != MANAGER), other, at=clock("11:00"))
    claims = district.claims(other, "user_manager")
    email = credential("email", get(f"/users/{ADA.id}", claims).body)
    assert (email["blocks"][0]["by"], email["blocks"][0]["by_name"]) == (MANAGER.id, "Max Manager")


def test_names_cost_one_request_and_none_where_nobody_did_anything() -> None:
    bounce()
    requests_of_a_profile()  # the district's domains are read once in five minutes
    without = requests_of_a_profile()
    marked("blocks", {"credential": "email", "note": "Said so on the phone."})
    marked("blocks", {"credential": "phone", "note": "Disconnected."})
    # The phone's block has a history item to be read, and both blocks have one name.
    assert requests_of_a_profile() == without + 2


def requests_of_a_profile() -> int:
    """How many requests go to DynamoDB."""
    made: list[str] = []
    events = dynamodb.client().meta.events
    events.register("before-call.dynamodb", lambda **told: made.append(told["event_name"]), unique_id="count")
    try:
        get(f"/users/{ADA.id}")
    finally:
        events.unregister("before-call.dynamodb", unique_id="count")
    return len(made)


def test_what_fails_within_days_of_a_reset_came_back() -> None:
    full = {"cause": Cause.MAILBOX_FULL, "permanence": Permanence.TRANSIENT}
    bounce(**full)
    assert told(get(f"/users/{ADA.id}").body)[0] == ("reset_will_help", "email")
    marked("reset", {"credentials": ["email"]})
    later = datetime.now(UTC) + timedelta(hours=1)
    again = delivery_event(**full, event_id="2", sent_at=later, occurred_at=later)
    apply.events([again], later + timedelta(hours=1))
    assert told(get(f"/users/{ADA.id}").body)[0] == ("came_back", "email")
    assert told(get(f"/users/{ADA.id}", district.teacher()).body) == [("reset_will_help", "email")]


def test_me_reminds_of_an_invitation() -> None:
    [account] = get("/me", district.claims(PENDING)).body["accounts"]
    assert account["guidance"] == [
        {
            "code": "remind",
            "credential": None,
            "text": "You have not accepted the invitation yet.",
            "did_you_mean": None,
        }
    ]
