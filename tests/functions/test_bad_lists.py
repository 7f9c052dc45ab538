"""The lists of bad credentials: kept by what the streams bring, whatever comes twice, late, or at once."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from functions.profiles.app import handler as profiles
from functions.reactions.app import handler as reactions
from functions.reset.app import handler as resetting
from reachable import aws as clients
from reachable.flows import apply, fold_lists, keep_lists, react
from reachable.flows.show import bad_credentials as lists_shown
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Kind
from reachable.model.people import Role, RosterRecord, User
from reachable.store import dynamodb
from reachable.store.roster import bad_lists
from reachable.store.roster.items import place
from tests.builders import clock, delivery_event, text_event
from tests.functions import district, tokens, wire
from tests.functions.api import Answer, call, invoke
from tests.functions.district import ADA, ALL, ART, CONTEXT, DENNIS, FAR, NORTH, SOUTH
from tests.functions.streams import moved, reacting

pytestmark = pytest.mark.usefixtures("at_nine", "bus")

EMAIL: Final = ADA.credentials[CredentialKind.EMAIL]
PHONE: Final = ADA.credentials[CredentialKind.PHONE]
"""Dennis has it, too."""


def bounced(**event: Any) -> None:
    with reacting():
        apply.events([delivery_event(**event)], datetime.now(UTC))


def text_failed(**event: Any) -> None:
    with reacting():
        apply.events([text_event(**event)], datetime.now(UTC))


def reset(user: User = ADA) -> None:
    with reacting():
        assert call(resetting, "POST", f"/users/{user.id}/reset", district.manager(), {}).status == 200


def import_(*changed: RosterRecord) -> None:
    """The district again, with these in the place of who they were."""
    instead = {record.id: record for record in changed}
    with reacting():
        district.import_(*(instead.get(record.id, record) for record in ALL), at=clock("10:00"))


def listed(claims: dict[str, Any] | None = None, path: str = "/bad-credentials", **query: str) -> Answer:
    asked = {name.rstrip("_"): value for name, value in query.items()}
    return call(profiles, "GET", path, claims or district.manager(), query=asked)


def names(claims: dict[str, Any] | None = None, path: str = "/bad-credentials", **query: str) -> list[str]:
    answer = listed(claims, path, **query)
    assert answer.status == 200, answer.body
    return sorted(f"{item['sourced_id']} {item['kind']}" for item in answer.body["items"])


def of(school: Any) -> str:
    return f"/schools/{school.id}/bad-credentials"


def school_staff(*schools: Any) -> dict[str, Any]:
    """A member of staff at these schools, in the district from now on."""
    clerk = district.user("cleo", "Cleo Clerk", Role.SCHOOL_STAFF, email="cleo@example.org")
    clerk = replace(clerk, schools=tuple(s.id for s in schools), works_at=tuple(s.id for s in schools))
    district.import_(*ALL, clerk)
    return district.claims(clerk, "school_staff")


# Kept


def test_who_can_not_be_reached_is_listed_with_since_when_why_and_what_to_do() -> None:
    bounced()
    [item] = listed(path=of(NORTH)).body["items"]
    assert item == {
        "id": ADA.id,
        "sourced_id": "ada",
        "name": "Ada Reyes",
        "schools": [{"id": NORTH.id, "sourced_id": "north", "name": "North School"}],
        "other_schools": 0,
        "kind": "email",
        "value": "ada@example.org",
        "status": "bad",
        "open": [],
        "reachable": ["sms", "voice"],
        "cause": "invalid_address",
        "reason": item["reason"],
        "since": "2026-09-14T09:00:00Z",
        "shared": False,
        "guidance": [
            {
                "code": "fix_sis_first",
                "credential": "email",
                "text": item["guidance"][0]["text"],
                "did_you_mean": None,
            }
        ],
    }
    assert "exist" in item["reason"]
    assert names(path=of(SOUTH)) == []


def test_by_what_somebody_can_still_be_reached_counts_the_other_credential_too() -> None:
    """Ada has an email address beside the phone that she shares, Dennis has none."""
    text_failed()
    told = {item["sourced_id"]: (item["open"], item["reachable"]) for item in listed().body["items"]}
    assert told == {"ada": ([], ["email"]), "dennis": ([], [])}
    bounced()
    hers = [item["reachable"] for item in listed().body["items"] if item["id"] == ADA.id]
    assert hers == [[], []]


def test_a_list_names_no_school_that_its_reader_may_not_know_of() -> None:
    import_(replace(ADA, schools=(NORTH.id, SOUTH.id)))
    bounced()
    for claims, schools in ((district.teacher(), ["north"]), (district.manager(), ["north", "south"])):
        [item] = listed(claims).body["items"]
        assert [school["sourced_id"] for school in item["schools"]] == schools
        assert item["other_schools"] == 0


def test_a_reset_takes_a_credential_off_the_lists() -> None:
    bounced()
    reset()
    assert names() == []
    assert fold_lists.compare() == []


def test_a_shared_phone_is_listed_for_all_who_hold_it() -> None:
    text_failed()
    assert names(path=of(NORTH)) == ["ada phone", "dennis phone"]
    assert [item["shared"] for item in listed().body["items"]] == [True, True]


def test_a_family_that_moves_changes_both_schools_lists() -> None:
    bounced()
    import_(replace(ADA, schools=(SOUTH.id,)))
    assert (names(path=of(NORTH)), names(path=of(SOUTH))) == ([], ["ada email"])
    assert fold_lists.compare() == []


def test_who_leaves_is_on_no_list_and_who_comes_back_is() -> None:
    bounced()
    with reacting():
        district.import_(*(record for record in ALL if record is not ADA), at=clock("10:00"))
    assert names() == []
    with reacting():
        district.import_(*ALL, at=clock("11:00"))
    assert names() == ["ada email"]


def test_a_new_address_in_the_roster_takes_the_old_ones_place() -> None:
    bounced()
    bounced(address="new@example.org", event_id="2")
    new = district.user("ada", "Ada Reyes", email="new@example.org", phone="(202) 555-0123")
    import_(replace(new, students=ADA.students, label=ADA.label))
    [item] = listed().body["items"]
    assert item["value"] == "new@example.org"
    assert fold_lists.compare() == []


def test_a_new_name_is_shown_by_its_new_letters() -> None:
    bounced()
    import_(replace(ADA, given_name="Adaline"))
    assert [item["name"] for item in listed().body["items"]] == ["Adaline Reyes"]


def test_who_has_no_school_stands_on_the_district_s_list_alone() -> None:
    bounced(address="max@example.org")
    [item] = listed().body["items"]
    assert (item["sourced_id"], item["schools"]) == ("max", [])


def test_what_nobody_holds_is_on_no_list_of_people_and_on_its_day() -> None:
    bounced(address="nobody@example.org", occurred_at=clock("09:00").replace(day=12))
    assert names() == []
    day = clock("09:00").date().replace(day=12)
    assert bad_lists.days() == [day]
    assert list(bad_lists.of_day(day)) == [Credential(CredentialKind.EMAIL, "nobody@example.org")]


def test_a_first_import_asks_of_statuses_alone() -> None:
    """Of the many whom nothing ever closed nothing is worked out."""
    with moved() as records:
        district.import_(replace(FAR, given_name="Faro"), *(r for r in ALL if r is not FAR))
    assert [record["dynamodb"]["Keys"]["item"]["S"][:7] for record in records] == ["holder#"]
    with wire.overheard(dynamodb.client(), "Query") as queries:
        reactions({"Records": records}, CONTEXT)
    assert queries == []


def test_records_that_come_twice_and_in_the_wrong_order_change_nothing_more() -> None:
    with moved() as first:
        apply.events([delivery_event()], datetime.now(UTC))
    with moved() as second:
        call(resetting, "POST", f"/users/{ADA.id}/reset", district.manager(), {})
    for records in (second, first, first, second):
        reactions({"Records": records}, CONTEXT)
    assert names() == []
    assert fold_lists.compare() == []


def test_a_record_that_can_not_be_read_stops_nobody_else_s() -> None:
    with moved() as records:
        apply.events([delivery_event()], datetime.now(UTC))
    poison = {"eventName": "MODIFY", "eventSource": "aws:dynamodb", "dynamodb": {"Keys": {"item": 7}}}
    with wire.overheard(clients.client("sqs"), "SendMessage") as sent:
        answer = reactions({"Records": [poison, *records]}, CONTEXT)
    assert answer == {"batchItemFailures": []}
    assert names() == ["ada email"]
    assert [json.loads(asked["MessageBody"]) for asked in sent] == [{"record": poison}]


def test_what_a_stream_could_not_keep_the_queue_brings_again() -> None:
    with (
        wire.cut_off(dynamodb.client(), "TransactWriteItems"),
        wire.overheard(clients.client("sqs"), "SendMessage") as sent,
    ):
        bounced()
    assert names() == []
    [asked] = sent
    assert json.loads(asked["MessageBody"]) == {"credential": "email:ada@example.org"}
    message = {"messageId": "1", "body": asked["MessageBody"], "eventSource": "aws:sqs"}
    assert reactions({"Records": [message]}, CONTEXT) == {"batchItemFailures": []}
    assert names() == ["ada email"]


def test_of_a_credential_that_very_many_hold_the_queue_does_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(react, "_LINES_AT_ONCE", 98)
    families = [district.user(f"g{i}", f"Gil {i}", email="none@example.org") for i in range(120)]
    with reacting():
        district.import_(*ALL, *families)
    with wire.overheard(clients.client("sqs"), "SendMessage") as sent:
        bounced(address="none@example.org")
    assert 0 < len(list(bad_lists.of_schools([NORTH.id]))) < 120
    [asked] = sent
    message = {"messageId": "1", "body": asked["MessageBody"], "eventSource": "aws:sqs"}
    reactions({"Records": [message]}, CONTEXT)
    assert len(list(bad_lists.of_schools([NORTH.id]))) == 120
    assert fold_lists.compare() == []


def test_lists_are_what_the_tables_say_whatever_happens_between_any_two_calls() -> None:
    """Somebody resets, marks or moves, and keeps the lists, at each call that another makes to keep them."""
    acts: list[Callable[[], object]] = [
        lambda: call(resetting, "POST", f"/users/{ADA.id}/reset", district.manager(), {}),
        lambda: apply.events([text_event(event_id="9", sent_at=clock("09:30"))], clock("09:31")),
        lambda: district.import_(*(r for r in ALL if r is not DENNIS), at=clock("10:00")),
        lambda: district.import_(
            *(replace(r, schools=(SOUTH.id,)) if r is ADA else r for r in ALL), at=clock("11:00")
        ),
    ]
    call_of = 0
    for act in acts:
        for point in range(12):
            apply.events([text_event(event_id=f"{call_of}", sent_at=clock("08:00"))], clock("09:00"))
            with _meanwhile(point, act):
                keep_lists.of(PHONE)
            call_of += 1
            assert fold_lists.compare() == [], (acts.index(act), point)


def test_what_the_lists_missed_is_found_and_mended() -> None:
    bounced()
    bounced(address="far@example.org", event_id="2")
    call(resetting, "POST", f"/users/{ADA.id}/reset", district.manager(), {})
    apply.events([delivery_event(address="penny@example.org", event_id="3")], datetime.now(UTC))
    instead = {FAR.id: replace(FAR, given_name="Faro")}
    district.import_(*(instead.get(record.id, record) for record in ALL), at=clock("10:00"))
    assert {one.fault.value for one in fold_lists.compare()} == {"stray", "missing", "other"}
    _mended()
    assert names() == ["far email", "penny email"]


def test_what_somebody_wrote_by_hand_is_found_and_struck() -> None:
    bounced()
    of_nobody = ("school#elsewhere", f"bad#{ADA.id}#email#0")
    [line] = [where for where in bad_lists.stored().lines if where[0] == f"school#{NORTH.id}"]
    for where in (of_nobody, line):
        dynamodb.client().put_item(TableName="roster", Item=dynamodb.to_wire(place(*where) | {"shared": 7}))
    found = {(one.place, str(one.credential), one.fault.value) for one in fold_lists.compare()}
    assert found == {(of_nobody, "None", "lost"), (line, str(EMAIL), "lost")}
    _mended()
    assert names() == ["ada email"]


def _mended() -> None:
    with wire.overheard(clients.client("sqs"), "SendMessage") as sent:
        queued = fold_lists.mend(fold_lists.compare())
    assert queued == len(sent)
    for asked in sent:
        message = {"messageId": "1", "body": asked["MessageBody"], "eventSource": "aws:sqs"}
        assert reactions({"Records": [message]}, CONTEXT) == {"batchItemFailures": []}
    assert fold_lists.compare() == []


@contextmanager
def _meanwhile(point: int, act: Callable[[], object]) -> Iterator[None]:
    """Before the call of that number another worker does it all."""
    calls = iter(range(1_000))
    busy = False

    def step(**_: Any) -> None:
        nonlocal busy
        if busy or next(calls) != point:
            return
        busy = True
        with moved() as records:
            act()
        if records:
            reactions({"Records": records}, CONTEXT)
        busy = False

    events = dynamodb.client().meta.events
    events.register_first("before-call.dynamodb", step)
    try:
        yield
    finally:
        events.unregister("before-call.dynamodb", step)


# Shown


def test_the_lists_can_be_asked_by_cause_channel_class_and_since() -> None:
    bounced()
    text_failed(cause=Cause.LANDLINE_OR_INCAPABLE, sent_at=clock("08:00"), event_id="2")
    bounced(address="far@example.org", event_id="3")
    assert names() == ["ada email", "ada phone", "dennis phone", "far email"]
    assert names(cause="invalid_address") == ["ada email", "far email"]
    assert names(channel="sms") == ["ada phone", "dennis phone"]
    assert names(channel="voice") == []
    assert names(since="2026-09-14T08:30:00Z") == ["ada email", "far email"]
    assert names(since="2026-09-15") == []
    assert names(class_=ART.id) == ["ada email", "ada phone", "dennis phone"]
    assert names(class_="none-such") == []
    assert names(path=of(NORTH), cause="invalid_address") == ["ada email"]


@pytest.mark.parametrize(
    "query",
    [
        {"cause": "rain"},
        {"channel": "fax"},
        {"since": "soon"},
        {"limit": "0"},
        {"limit": "201"},
        {"cuase": "x"},
    ],
)
def test_what_means_nothing_is_refused(query: dict[str, str]) -> None:
    for path in ("/bad-credentials", of(NORTH)):
        assert call(profiles, "GET", path, district.manager(), query=query).status == 400


def test_a_cursor_of_somebody_else_s_is_refused() -> None:
    assert listed(cursor="Ada Reyes").status == 422


def test_who_is_out_of_scope_is_on_no_list() -> None:
    bounced()
    bounced(address="far@example.org", event_id="2")
    bounced(address="penny@example.org", event_id="3")
    clerk = school_staff(NORTH)
    assert names(clerk) == ["ada email", "penny email"]
    assert (listed(clerk, of(SOUTH)).status, listed(path="/schools/nowhere/bad-credentials").status) == (
        404,
        404,
    )
    assert names(district.teacher()) == ["ada email"]
    assert names(district.teacher(), of(NORTH)) == ["ada email"]
    assert listed(district.claims(ADA)).status == 403


def test_a_teacher_finds_themselves_and_no_colleague() -> None:
    bounced(address="tess@example.org")
    colleague = district.user("theo", "Theo Teacher", Role.TEACHER, email="theo@example.org")
    with reacting():
        district.import_(*ALL, replace(colleague, classes=(ART.id,)))
    bounced(address="theo@example.org", event_id="2")
    assert names(district.teacher()) == ["tess email"]
    assert names(class_=ART.id) == ["tess email", "theo email"]


@pytest.mark.parametrize("wish", ["complaint", "stop"])
def test_of_a_wish_who_may_not_read_why_learns_neither_why_nor_when(wish: str) -> None:
    if wish == "stop":
        text_failed(kind=Kind.OPTED_OUT, cause=Cause.OPT_OUT, permanence=None)
    else:
        bounced(kind=Kind.COMPLAINED, cause=Cause.COMPLAINT, permanence=None)
    clerk = school_staff(NORTH)
    for item in listed(clerk).body["items"]:
        assert (item["cause"], item["reason"], item["since"]) == (None, None, None)
        assert [told["code"] for told in item["guidance"]] == ["wants_no_contact"]
    assert names(clerk, cause="opt_out") == []
    assert names(clerk, cause="complaint") == []
    assert names(clerk, since="2020-01-01") == []
    seen = listed().body["items"][0]
    assert seen["cause"] in {"opt_out", "complaint"}
    assert [told["code"] for told in seen["guidance"]] == ["wants_no_contact"]


def test_a_list_is_cut_to_pages_that_go_on_whoever_goes_meanwhile() -> None:
    people = [district.user(f"p{i}", f"Pat {i}", email=f"pat{i}@example.org") for i in range(7)]
    with reacting():
        district.import_(*ALL, *people)
    for i in range(7):
        bounced(address=f"pat{i}@example.org", event_id=f"{i}")
    first = listed(limit="3").body
    assert len(first["items"]) == 3
    with moved() as records:
        last = first["items"][-1]["id"]
        call(resetting, "POST", f"/users/{last}/reset", district.manager(), {})
    reactions({"Records": records}, CONTEXT)
    second = listed(limit="3", cursor=first["next_cursor"]).body
    third = listed(limit="3", cursor=second["next_cursor"]).body
    seen = [item["sourced_id"] for page in (first, second, third) for item in page["items"]]
    assert sorted(seen) == [f"p{i}" for i in range(7)]
    assert third["next_cursor"] is None
    assert "pat" not in first["next_cursor"].lower()


def test_a_list_is_a_file_for_who_asks_for_csv() -> None:
    import_(replace(ADA, given_name="=cmd()"))
    bounced()
    answer = profiles(_asked("text/csv", "class=" + ART.id), CONTEXT)
    assert answer["statusCode"] == 200, answer["body"]
    assert answer["headers"]["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["headers"]["content-disposition"] == 'attachment; filename="bad-credentials.csv"'
    header, line = answer["body"].splitlines()
    assert (
        header
        == "\ufeffsourced_id,name,schools,kind,value,open,reachable,cause,reason,since,shared,what_to_do"
    )
    assert line.startswith(
        "ada,'=cmd() Reyes,North School,email,ada@example.org,,sms; voice,invalid_address,"
    )
    assert "2026-09-14T09:00:00Z,no," in line


@pytest.mark.parametrize(
    ("accept", "is_file"),
    [
        ("", False),
        ("*/*", False),
        ("text/csv", True),
        ("text/csv;q=0.5, application/json", False),
        ("application/json;q=0.5, text/csv", True),
        ("text/csv;q=0", False),
        ("text/csv;q=nonsense", False),
    ],
)
def test_the_accept_header_says_whether_it_is_a_file(accept: str, is_file: bool) -> None:
    answer = profiles(_asked(accept), CONTEXT)
    assert answer["headers"]["Content-Type"].startswith("text/csv") is is_file


def _asked(accept: str, query: str = "") -> dict[str, Any]:
    path = of(NORTH)
    name, _, value = query.partition("=")
    claims = {"sub": "client"} | district.manager()
    return {
        "version": "2.0",
        "routeKey": f"GET {path}",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"authorization": tokens.bearer(claims), "accept": accept},
        "queryStringParameters": {name: value} if query else {},
        "requestContext": {
            "http": {"method": "GET", "path": path, "sourceIp": "192.0.2.1"},
            "authorizer": tokens.as_the_gateway_tells(claims),
            "stage": "$default",
        },
        "isBase64Encoded": False,
    }


def test_a_long_file_leads_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    text_failed()
    monkeypatch.setattr(lists_shown, "EXPORT_LIMIT", 1)
    headers = profiles(_asked("text/csv"), CONTEXT)["headers"]
    first = min(ADA.id, DENNIS.id)
    assert headers["link"] == f'<?cursor={first}.phone>; rel="next"'


def test_who_was_shown_is_on_record() -> None:
    text_failed()
    listed()
    profiles(_asked("text/csv"), CONTEXT)
    records = [dynamodb.of_wire(item) for item in dynamodb.scan("audit")]
    told = {(item["act"], item["by"], tuple(sorted(item["shown"]))) for item in records if "shown" in item}
    both = tuple(sorted([ADA.id, DENNIS.id]))
    manager = district.MANAGER.id
    assert ("listed_bad_credentials", manager, both) in told
    assert ("exported_bad_credentials", manager, both) in told


@pytest.mark.usefixtures("silent_audit")
def test_no_record_no_answer() -> None:
    bounced()
    assert listed().status == 503


def test_ops_ask_by_a_direct_invoke() -> None:
    bounced()
    answer = invoke(profiles, "GET /bad-credentials", query={"limit": "1"})
    assert [item["sourced_id"] for item in answer.body["items"]] == ["ada"]


# Searched


def searched(claims: dict[str, Any] | None = None, **wish: Any) -> list[str]:
    body = {"status": "bad"} | {name.rstrip("_"): value for name, value in wish.items()}
    answer = call(profiles, "POST", "/users/search", claims or district.manager(), body)
    assert answer.status == 200, answer.body
    return [person["sourced_id"] for person in answer.body["items"]]


def test_a_search_for_the_bad_finds_whom_the_lists_have() -> None:
    text_failed()
    bounced(address="far@example.org", event_id="2")
    bounced(address="tess@example.org", event_id="3")
    assert searched() == ["ada", "dennis", "far", "tess"]
    assert searched(q="rey") == ["ada", "dennis"]
    assert searched(q="!") == []
    assert searched(role="teacher") == ["tess"]
    assert searched(school=SOUTH.id) == ["far"]
    assert searched(district.teacher()) == ["ada", "dennis", "tess"]
    assert searched(account_status="pending") == []
    assert searched(class_=ART.id) == ["ada", "dennis", "tess"]


def test_a_search_for_the_bad_goes_on_by_name() -> None:
    text_failed()
    bounced(address="far@example.org", event_id="2")
    first = call(profiles, "POST", "/users/search", district.manager(), {"status": "bad", "limit": 2}).body
    assert [person["sourced_id"] for person in first["items"]] == ["ada", "dennis"]
    assert searched(limit=2, cursor=first["next_cursor"]) == ["far"]
