"""Attack on issue 29: what was added for the console to the API, hostile, late, and beside others."""
# ruff: noqa: RUF001 - letters of other scripts are what is tried

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import boto3
import pytest

from functions.profiles.app import handler as profiles
from functions.reset.app import handler as resets
from reachable import aws as clients
from reachable import words
from reachable.flows import apply, keep_upstream, note_providers
from reachable.model.delivery_event import Cause, Channel
from reachable.model.message import Dropped
from reachable.model.people import RosterKind, SchoolClass, id_of
from reachable.model.provider_account import Happened, Happening, Heard
from reachable.model.send import Refusal
from reachable.model.upstream import Account, Upstream, UpstreamState
from reachable.model.viewer import TokenRole
from reachable.rules.release import Asking
from reachable.secrets import webhooks
from reachable.store import dynamodb, provider_accounts
from reachable.store.credentials import holders
from reachable.store.roster import items
from reachable.words import Language
from tests.builders import clock, delivery_event
from tests.functions import district, wire
from tests.functions.api import Answer, call
from tests.functions.clocks import later
from tests.functions.conftest import at_nine, aws
from tests.functions.district import ADA, ALL, MANAGER, NORTH, SOUTH, TEACHER, manager, teacher
from tests.functions.lists import Lists, served
from tests.functions.test_providers import (
    EMAIL,
    account,
    bounce,
    delivery,
    react,
    receive,
    reset_and_react,
    shown,
)
from tools.stand_ins.stand_in import Ordered

__all__ = ["at_nine", "aws"]
pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def lists(aws: None) -> Iterator[Lists]:
    boto3.client("sqs").create_queue(QueueName="reactions")
    with served() as known:
        yield known


def put_name(name: str) -> None:
    boto3.client("ssm").put_parameter(Name=name, Value='{"secrets": ["hush"]}', Type="SecureString")


def names() -> list[tuple[str, str]]:
    return [(one["provider"], one["account"]) for one in shown()]


def entry(received: str, name: str | None = None) -> dict[str, Any]:
    """A delivery by a webhook of SendGrid, of one of its accounts."""
    body = [
        {"event": "delivered", "email": "ada@example.org", "timestamp": 1789459200, "sg_event_id": received}
    ]
    told: dict[str, Any] = {
        "provider": "sendgrid",
        "account": name,
        "method": "POST",
        "url": "/",
        "query": "",
        "headers": {},
        "received_at": received,
        "body": b64encode(json.dumps(body).encode()).decode(),
    }
    return {
        "messageId": "1",
        "body": json.dumps(told),
        "eventSource": "aws:sqs",
        "attributes": {"SentTimestamp": str(int(clock("09:00").timestamp() * 1000))},
    }


# Heard


def test_an_event_of_a_clock_that_runs_ahead_does_not_hide_those_that_come_after() -> None:
    receive(entry("2026-09-20T09:00:00+00:00"))
    assert account("sendgrid")["heard_at"] <= "2026-09-14T09:00:00Z"
    later(minutes=5)
    receive(entry("2026-09-14T09:04:00+00:00"))
    assert account("sendgrid")["heard_at"] == "2026-09-14T09:04:00Z"


def test_a_time_in_another_zone_moves_nothing_back() -> None:
    receive(entry("2026-09-14T08:30:00+00:00"))
    receive(entry("2026-09-14T10:35:00+02:00"))
    assert account("sendgrid")["heard_at"] == "2026-09-14T08:35:00Z"
    receive(entry("2026-09-14T08:50:00+00:00"))
    assert account("sendgrid")["heard_at"] == "2026-09-14T08:50:00Z"


def test_a_time_without_a_zone_fails_no_other() -> None:
    assert receive(bounce("08:30"), entry("2026-09-14T08:30:00"), entry("2026-09-14T08:31:00+00:00"))[
        "batchItemFailures"
    ] in ([], [{"itemIdentifier": "1"}])
    assert account("ses")["heard_at"] == "2026-09-14T08:30:00.999000Z"


def test_an_account_of_a_long_name_is_one_line() -> None:
    name = "n" * 250
    put_name(f"{webhooks.PREFIX}/sendgrid/{name}")
    receive(entry("2026-09-14T08:30:00+00:00", name))
    [one] = shown()
    assert (one["account"], one["webhook"], one["heard_at"]) == (name, "set_up", "2026-09-14T08:30:00Z")


def test_a_batch_costs_no_more_than_two_requests_an_account() -> None:
    client = dynamodb.client_of_one_attempt()
    with wire.overheard(client, "UpdateItem") as asked:
        receive(*(delivery("08:30") for _ in range(5)), *(bounce("08:31") for _ in range(5)))
    assert len([one for one in asked if one["Key"]["entity"] == {"S": "providers"}]) == 2


# Names in SSM


@pytest.mark.parametrize(
    "name",
    [
        "/reachable/test2/webhooks/sendgrid/other",
        "/reachable/test/webhooks2/sendgrid/other",
        "/reachable/test/webhooks/_signatures/x",
        "/reachable/test/webhooks/__init__/x",
        "/reachable/test/webhooks/ses.x/x",
        "/reachable/test/webhooks/SendGrid/x",
        "/reachable/test/webhooks/.sendgrid/x",
        "/reachable/test/upstream/_spelling/x",
        "/reachable/test/upstream/a-b/x",
    ],
)
def test_a_stage_beside_and_a_slip_are_not_shown_and_break_nothing(name: str) -> None:
    put_name(name)
    put_name("/reachable/test/webhooks/sendgrid/default")
    assert names() == [("sendgrid", "default")]


def test_a_line_of_a_provider_that_is_no_more_breaks_nothing() -> None:
    now = clock("09:00")
    provider_accounts.note("gone", "default", Happening.HEARD, Happened(now), now)
    assert names() == [("gone", "default")]


def test_a_503_says_when_to_come_again() -> None:
    with wire.cut_off(clients.client("ssm", attempts=2, read_seconds=2), "DescribeParameters"):
        answer = call(profiles, "GET", "/providers", manager(), headers={"accept-language": "es"})
    assert answer.status == 503
    assert "retry-after" in answer.headers
    assert answer.headers["cache-control"] == "no-store"


# Who waits


def test_who_is_reset_again_while_it_waits_and_is_released_waits_no_more(lists: Lists) -> None:
    lists.set_up("sendgrid")
    lists["sendgrid"].ordered = [Ordered(503)]
    reset_and_react()
    assert account("sendgrid")["releases"]["waiting"] == 1
    later(minutes=30)
    now = clock("09:30")
    apply.events([delivery_event(sent_at=now, occurred_at=now, event_id="2")], now)
    call(resets, "POST", f"/users/{ADA.id}/reset", manager(), {})
    later(hours=1)
    react()
    told = account("sendgrid")["releases"]
    assert told["released_at"] is not None
    assert told["waiting"] == 0


def test_who_is_bad_again_is_counted_a_day_longer_and_no_more(lists: Lists) -> None:
    lists.set_up("sendgrid")
    lists["sendgrid"].ordered = [Ordered(503)]
    reset_and_react()
    assert account("sendgrid")["releases"]["waiting"] == 1
    later(minutes=30)
    now = clock("09:30")
    apply.events([delivery_event(sent_at=now, occurred_at=now, event_id="2")], now)
    react()
    later(hours=25)
    react()
    assert account("sendgrid")["releases"]["waiting"] == 0


def upstream(state: UpstreamState, at: str, again: str | None = None) -> Upstream:
    return Upstream(
        provider="sendgrid", state=state, at=clock(at), retry_after=clock(again) if again else None
    )


def learn(what: Upstream, before: Upstream | None, at: str) -> None:
    asking = Asking(Account("sendgrid", settings={}), what.answers, before)
    keep_upstream.learned(asking, what, [None], holders.standing(EMAIL), clock(at))


def test_what_is_learned_late_by_another_process_makes_nobody_wait(lists: Lists) -> None:
    """One has found it released; of the other, which asked before, the answer is kept only now."""
    learn(upstream(UpstreamState.RELEASED, "08:30"), None, "08:30")
    learn(upstream(UpstreamState.RELEASING, "08:20", "12:00"), None, "08:31")
    assert provider_accounts.waiting("sendgrid", "default", clock("09:00")) == 0


def test_who_learned_late_ends_no_wait_of_whom_is_asked_again(lists: Lists) -> None:
    before = upstream(UpstreamState.RELEASING, "08:10", "08:20")
    learn(before, None, "08:10")
    learn(upstream(UpstreamState.RELEASING, "08:30", "12:00"), before, "08:30")
    learn(upstream(UpstreamState.UNKNOWN, "08:21"), before, "08:31")
    assert provider_accounts.waiting("sendgrid", "default", clock("09:00")) == 1


def test_notes_that_fail_are_given_up_together() -> None:
    """DynamoDB that does not answer takes three seconds a try, and a batch has ten accounts at most."""
    client = dynamodb.client_of_one_attempt()
    many = [Heard("sendgrid", f"n{n}", clock("08:30"), bounced=True) for n in range(200)]
    with wire.overheard(client, "UpdateItem") as told, wire.cut_off(client, "UpdateItem"):
        note_providers.heard(many, clock("09:00"))
    assert len(told) <= clients.PARALLEL * 2


# Classes


def class_(sourced_id: str, title: str, school: str = NORTH.id) -> SchoolClass:
    return SchoolClass(
        id=id_of(RosterKind.CLASS, sourced_id), sourced_id=sourced_id, title=title, school=school
    )


def ask(claims: dict[str, Any], **wish: Any) -> Answer:
    return call(profiles, "POST", "/classes/search", claims, wish)


def found(claims: dict[str, Any], **wish: Any) -> list[str]:
    answer = ask(claims, **wish)
    assert answer.status == 200, answer.body
    return [told["sourced_id"] for told in answer.body["items"]]


OFFICE: Final = district.claims(TEACHER, "school_staff")
LONG: Final = "AP English Language and Composition - Section 4, Period 3 - Ms. Whitcombe (Room 12)"


@pytest.mark.parametrize("q", ["whitcombe", "room 12", "english period 3", "comp whit"])
@pytest.mark.parametrize("claims", [manager(), OFFICE], ids=["district", "school"])
def test_a_class_is_found_by_each_word_of_a_long_title(claims: dict[str, Any], q: str) -> None:
    district.import_(*ALL, class_("ap", LONG))
    assert found(claims, q=q) == ["ap"]


@pytest.mark.parametrize("claims", [manager(), OFFICE], ids=["district", "school"])
@pytest.mark.parametrize(
    "title",
    [" ".join("щ" * 20 + c for c in "абвгдежзик"), " ".join("𝒜" * 31 + str(n) for n in range(9)), LONG],
)
def test_a_page_of_long_titles_has_a_next_one_that_may_be_asked_for(
    claims: dict[str, Any], title: str
) -> None:
    district.import_(*ALL, *(class_(str(n), title) for n in range(3)))
    listed: list[str] = []
    more: dict[str, str] = {}
    for wish in ({"school": NORTH.id}, {"q": title[:30]}):
        listed, more = [], {}
        while more or not listed:
            answer = ask(claims, **wish, limit=1, **more)
            assert answer.status == 200, answer.body
            listed += [told["sourced_id"] for told in answer.body["items"]]
            more = {"cursor": answer.body["next_cursor"]} if answer.body["next_cursor"] else {}
        assert sorted(set(listed) - {"art"}) == ["0", "1", "2"]
        assert len(listed) == len(set(listed))


@pytest.mark.parametrize(
    "cursor",
    ["", "a", "aaa", "art#", "art\U0010ffff", "a\U0010ffff", "\U0010ffff", "\x00", "art\U0010ffff\U0010ffff"],
)
@pytest.mark.parametrize("path", ["/classes/search", "/users/search"])
@pytest.mark.parametrize("claims", [manager(), teacher()], ids=["district", "teacher"])
def test_a_forged_cursor_breaks_nothing(claims: dict[str, Any], path: str, cursor: str) -> None:
    """DynamoDB refuses a range that ends before it begins; moto does not."""
    forged = urlsafe_b64encode(cursor.encode()).decode()
    with wire.overheard(dynamodb.client(), "Query") as asked:
        answer = call(profiles, "POST", path, claims, {"q": "art", "cursor": forged})
    assert answer.status == 200, answer.body
    ranges = [
        one["ExpressionAttributeValues"] for one in asked if ":from" in one["ExpressionAttributeValues"]
    ]
    assert all(one[":from"]["S"] <= one[":to"]["S"] for one in ranges)


@pytest.mark.parametrize(
    "q", ["🎨", "a" * 200, "ا", "שיעור", "３", "a " * 100, "\u202eart", "#", "%", "_", "ﷺ"]
)
@pytest.mark.parametrize("claims", [manager(), OFFICE], ids=["district", "school"])
def test_whatever_is_typed_is_answered(claims: dict[str, Any], q: str) -> None:
    district.import_(*ALL, class_("he", "שיעור חשבון"), class_("ar", "الرياضيات 3"), class_("em", "🎨🎵"))
    assert ask(claims, q=q).status == 200


@pytest.mark.parametrize("q", ['"\\ud800"', '"' + "a" * 201 + '"', "null", "3"])
def test_what_is_no_text_is_refused(q: str) -> None:
    answer = call(profiles, "POST", "/classes/search", manager(), f'{{"q": {q}}}')
    assert answer.status in (400, 422)


@pytest.mark.parametrize(
    "title", ["שיעור חשבון", "الرياضيات 3", "数学 3", "गणित ३", "Ćwiczenia Łódź", "Ñandú"]
)
@pytest.mark.parametrize("claims", [manager(), OFFICE], ids=["district", "school"])
def test_a_title_of_any_script_is_found_as_it_is_written(claims: dict[str, Any], title: str) -> None:
    district.import_(*ALL, class_("x", title))
    assert found(claims, q=title) == ["x"]
    assert found(claims, q=title[0]) == ["x"]


def test_a_class_whose_school_is_gone_is_found_without() -> None:
    district.import_(*ALL, class_("lost", "Latin", id_of(RosterKind.SCHOOL, "gone")))
    [told] = ask(manager(), q="lat").body["items"]
    assert told["school"] is None


def test_classes_of_one_title_are_all_found_and_one_that_moves_is_at_one_school() -> None:
    district.import_(*ALL, class_("a", "Latin"), class_("b", "Latin", SOUTH.id))
    assert sorted(found(manager(), q="lat")) == ["a", "b"]
    district.import_(*ALL, class_("a", "Latin", SOUTH.id))
    [told] = ask(manager(), q="lat").body["items"]
    assert told["school"]["id"] == SOUTH.id
    left = [item for item in dynamodb.scan("roster") if item["entity"]["S"] == "search#classes#l"]
    assert len(left) == 1


# Who may


ROLES: Final = [role.value for role in TokenRole]
PLACES: Final = {
    "view": ("GET", "/schools", None, None),
    "search": ("POST", "/classes/search", {"q": "art"}, None),
    "lists": ("GET", "/bad-credentials", None, None),
    "statistics": ("GET", "/statistics", None, {"by": "school"}),
    "providers": ("GET", "/providers", None, None),
}


@pytest.mark.parametrize("who", [TEACHER, MANAGER, ADA], ids=["teacher", "district", "guardian"])
@pytest.mark.parametrize("role", [*ROLES, "guardian", ""])
def test_the_menu_is_what_the_doors_let_in(who: Any, role: str) -> None:
    claims = district.claims(who, *([role] if role else []))
    me = call(profiles, "GET", "/me", claims).body
    open_ = {
        action
        for action, (method, path, body, query) in PLACES.items()
        if call(profiles, method, path, claims, body, query).status == 200
    }
    assert set(me["actions"]) & set(PLACES) == open_
    assert (me["viewer"] is not None) == bool(me["actions"]) or role == "extended_history"
    sees = {"rostering_administrator", "communications_administrator", "user_manager", "district"}
    assert me["sees_district"] == (role in sees and who is not ADA)


def test_staff_who_are_parents_see_no_class_of_their_children() -> None:
    parent = replace(ADA, id=id_of(RosterKind.USER, "tp"), sourced_id="tp", schools=(SOUTH.id,))
    tess = replace(TEACHER, credentials=ADA.credentials, typed=ADA.typed)
    others = [record for record in ALL if record not in (ADA, TEACHER)]
    district.import_(*others, parent, tess, class_("bio", "Biology", SOUTH.id))
    claims = district.claims(ADA, "school_staff")
    me = call(profiles, "GET", "/me", claims).body
    assert me["viewer"]["sourced_id"] == "tess"
    assert found(claims, q="b") == []
    assert found(claims, q="", school=SOUTH.id) == []


# Words


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("channel", list(Channel))
def test_each_reason_of_a_message_has_a_sentence(language: Language, channel: Channel) -> None:
    for reason in (*Cause, *Refusal, *Dropped):
        assert words.why(reason.value, channel, language)


# Import


@pytest.mark.parametrize("record", ALL, ids=lambda r: r.sourced_id)
def test_a_record_read_back_has_its_own_digest_so_that_it_counts_as_written_whole(record: Any) -> None:
    district.import_(*ALL)
    entity = items.entity_of(record)
    profile = dynamodb.get("roster", items.place(entity, items.PROFILE))
    assert profile is not None
    assert items.digest(items.of_plain(entity, profile)) == profile["digest"] == items.digest(record)
