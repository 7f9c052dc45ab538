"""The lists of bad credentials, attacked: mended to death, too long to be answered, poisoned."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

import pytest

from functions.profiles.app import handler as profiles
from functions.reactions.app import handler as reactions
from functions.reset.app import handler as resetting
from reachable import aws as clients
from reachable import words
from reachable.flows import apply, fold_lists, keep_lists, release
from reachable.flows.show import bad_credentials as lists_shown
from reachable.model.bad_credential import BadCredential, BadCredentialShown
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Channel, Kind, Permanence, event_hex
from reachable.model.page import PAGE_LIMIT, Page
from reachable.model.people import School
from reachable.model.status import Block, BlockRegister, mark
from reachable.rules import bad_credentials
from reachable.store import dynamodb
from reachable.store.roster import bad_lists
from reachable.store.roster.items import place
from reachable.web import csv
from reachable.web.models.bad_credentials import COLUMNS, BadCredentialsOut, rows
from tests import rights
from tests.builders import clock, delivery_event, text_event
from tests.functions import district, wire
from tests.functions.api import call
from tests.functions.conftest import at_nine, bus
from tests.functions.district import ADA, ALL, CONTEXT, FAR, NORTH, SOUTH
from tests.functions.streams import moved

__all__ = ["at_nine", "bus"]

EMAIL: Final = ADA.credentials[CredentialKind.EMAIL]
PHONE: Final = ADA.credentials[CredentialKind.PHONE]
SIX_MB: Final = 6 * 1024 * 1024
"""What Lambda gives of a synchronous invoke."""

there = pytest.mark.usefixtures("at_nine", "bus")


def names() -> list[str]:
    answer = call(profiles, "GET", "/bad-credentials", district.manager())
    assert answer.status == 200, answer.body
    return sorted(f"{item['sourced_id']} {item['kind']}" for item in answer.body["items"])


def of_queue(body: str) -> dict[str, Any]:
    return {"Records": [{"messageId": "1", "body": body, "eventSource": "aws:sqs"}]}


def mended(differences: Any) -> None:
    with wire.overheard(clients.client("sqs"), "SendMessage") as sent:
        fold_lists.mend(differences)
    for asked in sent:
        reactions(of_queue(asked["MessageBody"]), CONTEXT)


@there
def test_mending_takes_nobody_off_who_was_put_on_meanwhile() -> None:
    with moved() as records:
        apply.events([delivery_event()], datetime.now(UTC))
    where = (f"school#{NORTH.id}", f"bad#{ADA.id}#email#{EMAIL.digest}")
    dynamodb.client().put_item(TableName="roster", Item=dynamodb.to_wire(place(*where) | {"shared": 7}))
    found = fold_lists.compare()
    reactions({"Records": records}, CONTEXT)  # late, and right
    assert names() == ["ada email"]
    mended(found)
    assert names() == ["ada email"]


@there
def test_a_day_that_nobody_finds_is_a_difference() -> None:
    with moved() as records:
        apply.events([delivery_event()], datetime.now(UTC))
    reactions({"Records": records}, CONTEXT)
    [day] = bad_lists.days()
    assert fold_lists.compare() == []
    dynamodb.client().delete_item(TableName="roster", Key=dynamodb.key(**place("bad", str(day))))
    assert fold_lists.compare() != []


@there
def test_a_set_that_can_not_be_read_stops_no_stream() -> None:
    item = {"credential": str(PHONE), "item": "status", "transient@sms": "yesterday|m1|mailbox_full|twilio"}
    dynamodb.client().put_item(TableName="credentials", Item=dynamodb.to_wire(item))
    with moved() as records:
        district.import_(
            *(replace(r, given_name="Adaline") if r is ADA else r for r in ALL), at=clock("10:00")
        )
    assert records
    assert reactions({"Records": records}, CONTEXT) == {"batchItemFailures": []}


# What a crash leaves


@there
@pytest.mark.parametrize("point", range(14))
def test_a_worker_that_dies_at_any_call_leaves_work_that_ends_right(point: int) -> None:
    apply.events([text_event(event_id="0", sent_at=clock("07:00"))], clock("07:30"))
    with moved() as records:
        apply.events([text_event(event_id="1", sent_at=clock("08:00")), delivery_event()], clock("09:00"))
        district.import_(
            *(replace(r, schools=(SOUTH.id,)) if r is ADA else r for r in ALL), at=clock("10:00")
        )
    calls = iter(range(1_000))

    def die(**_: Any) -> None:
        if next(calls) >= point:
            raise SystemExit

    dynamodb.client().meta.events.register_first("before-call.dynamodb", die)
    sent: list[dict[str, Any]] = []
    try:
        with wire.overheard(clients.client("sqs"), "SendMessage") as sent:
            reactions({"Records": records[:1]}, CONTEXT)
    except SystemExit:
        pass
    finally:
        dynamodb.client().meta.events.unregister("before-call.dynamodb", die)
    for asked in sent:
        reactions(of_queue(asked["MessageBody"]), CONTEXT)
    reactions({"Records": records}, CONTEXT)
    assert fold_lists.compare() == []


# Sizes


def _line(number: int, schools: tuple[str, ...], name: str, sourced_id: str, address: str) -> BadCredential:
    block = Block(
        BlockRegister.of_name("bounce@email"),
        mark(clock("09:00"), event_hex("ses", f"{number}")),
        Cause.INVALID_ADDRESS,
        Permanence.PERMANENT,
        "ses",
    )
    return BadCredential(
        user_id=f"{number:08}-7a3b-5f3c-9a55-3a4f6b1c2d3e",
        sourced_id=sourced_id,
        name=name,
        credential=Credential(CredentialKind.EMAIL, address),
        blocks=(block,),
        held_since=clock("08:00"),
        shared=True,
        schools=schools,
    )


def _page(lines: list[BadCredential], schools: dict[str, School]) -> BadCredentialsOut:
    shown = tuple(
        BadCredentialShown(
            line,
            line.blocks[0],
            (),
            (Channel.EMAIL, Channel.SMS, Channel.VOICE),
            tuple(bad_credentials.advice(line)),
            tuple(schools[s] for s in line.schools),
        )
        for line in lines
    )
    return BadCredentialsOut.of(Page(shown, None), words.of_accept_language("es"), None)


def test_a_page_of_people_of_many_schools_can_be_answered() -> None:
    schools = {
        f"{i:08}-1851-5e76-aa6c-cbe43b441583": School(
            id=f"{i:08}-1851-5e76-aa6c-cbe43b441583",
            sourced_id=f"org-{i}",
            name=f"Number {i} Elementary School",
        )
        for i in range(300)
    }
    every = tuple(schools)
    lines = [_line(i, every, "Cleo Clerk", f"staff-{i}", f"clerk{i}@example.org") for i in range(PAGE_LIMIT)]
    assert len(_page(lines, schools).model_dump_json().encode()) < SIX_MB


@pytest.mark.parametrize(("of", "count"), [(300, 1_000), (1, lists_shown.EXPORT_LIMIT)])
def test_a_file_can_be_answered_whatever_the_roster_says(of: int, count: int) -> None:
    schools = {
        f"s{i}": School(
            id=f"s{i}", sourced_id=f"org-{i}", name=f"Number {i} Elementary School".ljust(100, "x")
        )
        if of == 1
        else School(id=f"s{i}", sourced_id=f"org-{i}", name=f"Number {i} Elementary School")
        for i in range(of)
    }
    name, id_, address = (
        ("N" * 201, "i" * 255, f"{'a' * 64}@{'b' * 60}.{'c' * 60}.example.org")
        if of == 1
        else (
            "Cleo Clerk",
            "staff",
            "clerk@example.org",
        )
    )
    lines = [_line(i, tuple(schools), name, id_, address) for i in range(count)]
    told = csv.answer(COLUMNS, rows(_page(lines, schools).items), "bad-credentials", {})
    assert len(str(told.body).encode()) < SIX_MB


# Who may read what


@there
def test_manual_complaint_and_stop_lines_are_what_the_tables_say() -> None:
    with moved() as records:
        apply.events(
            [
                delivery_event(kind=Kind.COMPLAINED, cause=Cause.COMPLAINT, permanence=None),
                text_event(kind=Kind.OPTED_OUT, cause=Cause.OPT_OUT, permanence=None, event_id="2"),
                delivery_event(address="far@example.org", event_id="3"),
            ],
            datetime.now(UTC),
        )
    reactions({"Records": records}, CONTEXT)
    assert fold_lists.compare() == []
    assert names() == ["ada email", "ada phone", "dennis phone", "far email"]
    assert FAR.id


# Searched


@there
@pytest.mark.parametrize(("was", "is_"), [("Mia", "Ada"), ("Ada", "Zoe")])
def test_a_search_for_the_bad_comes_to_an_end_though_the_lists_are_behind(was: str, is_: str) -> None:
    with moved() as records:
        district.import_(*(replace(r, given_name=was) if r is ADA else r for r in ALL), at=clock("09:10"))
        others = ("far@example.org", "tess@example.org")
        events = [delivery_event(address=address, event_id=address) for address in others]
        apply.events([delivery_event(), *events], datetime.now(UTC))
    reactions({"Records": records}, CONTEXT)
    district.import_(*(replace(r, given_name=is_) if r is ADA else r for r in ALL), at=clock("10:00"))
    seen: list[str] = []
    body: dict[str, Any] = {"status": "bad", "limit": 1}
    for _ in range(6):
        answer = call(profiles, "POST", "/users/search", district.manager(), body).body
        seen += [person["sourced_id"] for person in answer["items"]]
        if answer["next_cursor"] is None:
            break
        body["cursor"] = answer["next_cursor"]
    assert sorted(seen) == ["ada", "far", "tess"]


# An address of odd letters


@there
@pytest.mark.parametrize("address", ["a#b@example.org", "o'neill+x@example.org", "a/b=c@example.org"])
def test_an_address_of_odd_letters_is_listed_and_found_right(address: str) -> None:
    odd = district.user("odd", "Odd Person", email=address)
    with moved() as records:
        district.import_(*ALL, odd, at=clock("09:10"))
        apply.events([delivery_event(address=address)], datetime.now(UTC))
    reactions({"Records": records}, CONTEXT)
    assert names() == ["odd email"]
    assert fold_lists.compare() == []
    [day] = bad_lists.days()
    assert [str(one) for one in bad_lists.of_day(day)] == [f"email:{address}"]


# What a list of a big district costs


def test_a_page_does_not_read_the_whole_district(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    wire_item = dynamodb.to_wire(
        place("school#x", "bad#") | bad_lists._item(_line(1, (), "Ada Reyes", "g-1", "ada@example.org"))
    )

    def page(entity: str, after: str, limit: int = 500) -> list[Any]:
        made = [
            wire_item | {"entity": {"S": entity}, "item": {"S": f"bad#{i:08}-{entity[7:]}#email#0"}}
            for i in range(limit)
        ]
        read.append(len(made))
        return [*made, {}]

    monkeypatch.setattr(bad_lists, "_page", page)
    found = bad_lists.of_schools([f"s{i}" for i in range(300)], limit=49)
    first = [next(found) for _ in range(50)]
    assert len(first) == 50
    assert sum(read) <= 300 * 50


def test_who_reads_the_whole_district_holds_few_of_its_lines_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search for the bad goes through all lists, by id: every school's page is there at a time."""
    asked = set[int]()

    def page(entity: str, after: str, limit: int) -> list[Any]:
        asked.add(limit)
        return []

    monkeypatch.setattr(bad_lists, "_page", page)
    assert list(bad_lists.of_schools([f"s{i}" for i in range(300)])) == []
    assert asked == {66}
    assert list(bad_lists.of_schools(["s1"])) == []
    assert asked == {66, 500}


# What may be asked


@there
@pytest.mark.parametrize(
    "since", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "0001-01-01", "9999-12-31"]
)
def test_a_time_at_the_end_of_time_is_a_time(since: str) -> None:
    with moved() as records:
        apply.events([delivery_event()], datetime.now(UTC))
    reactions({"Records": records}, CONTEXT)
    assert call(profiles, "GET", "/bad-credentials", district.manager(), query={"since": since}).status == 200


@there
@pytest.mark.parametrize("school", ["x" * 3000, "none", "\ud83d\ude00" * 255])
def test_a_school_that_there_can_not_be_is_none(school: str) -> None:
    assert call(profiles, "GET", f"/schools/{school}/bad-credentials", district.manager()).status == 404


# What many do at once


@there
@pytest.mark.parametrize("seed", range(4))
def test_many_at_once_end_as_the_tables_say(seed: int) -> None:
    chance = Random(seed)
    families = [district.user(f"g{i}", f"Gil {i}", email=EMAIL.address) for i in range(60)]
    district.import_(*ALL, *families, at=clock("08:00"))

    def worker() -> None:
        for _ in range(4):
            with rights.as_function("reactions"):
                keep_lists.of(EMAIL, chance.choice([10, 490]))

    with ThreadPoolExecutor(4) as pool:
        working = [pool.submit(worker) for _ in range(3)]
        apply.events([delivery_event(event_id="a", sent_at=clock("08:00"))], clock("08:01"))
        district.import_(*ALL, *families[: chance.randrange(60)], at=clock("08:30"))
        call(resetting, "POST", f"/users/{ADA.id}/reset", district.manager(), {})
        apply.events([delivery_event(event_id="b", sent_at=clock("09:30"))], clock("09:31"))
        for done in working:
            done.result()
    keep_lists.of(EMAIL)
    assert fold_lists.compare() == []


# Lists and releases


@there
def test_lists_that_can_not_be_kept_lose_no_release(monkeypatch: pytest.MonkeyPatch) -> None:
    later = datetime.now(UTC) + timedelta(hours=2)
    monkeypatch.setattr(release, "credential", lambda *_: later)
    with (
        wire.cut_off(dynamodb.client(), "UpdateItem", "lists#"),
        wire.overheard(clients.client("sqs"), "SendMessage") as sent,
    ):
        reactions(of_queue(json.dumps({"credential": str(EMAIL)})), CONTEXT)
    assert [asked["MessageBody"] for asked in sent] == [json.dumps({"credential": str(EMAIL)})]


@there
def test_a_line_that_can_not_be_read_costs_itself_alone() -> None:
    with moved() as records:
        apply.events([delivery_event()], datetime.now(UTC))
    reactions({"Records": records}, CONTEXT)
    where = (f"school#{NORTH.id}", f"bad#{FAR.id}#email#0")
    dynamodb.client().put_item(TableName="roster", Item=dynamodb.to_wire(place(*where) | {"shared": 7}))
    assert names() == ["ada email"]
