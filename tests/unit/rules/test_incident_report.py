"""What an incident's candidates came to, in numbers, examples and a table."""

from typing import Any, Final

from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, EventHex, Permanence
from reachable.model.history import Standing
from reachable.model.incident import Candidate, Judged, Line, Outcome
from reachable.model.people import Holder
from reachable.model.status import GOOD, Block, BlockRegister, mark
from reachable.rules import incident_report
from tests.builders import clock

EMAIL: Final = Credential.of_key("email:ada@example.org")


def block(register: str, time: str, cause: Cause = Cause.INVALID_ADDRESS) -> Block:
    at = mark(clock(time), EventHex("a" * 16))
    return Block(BlockRegister.of_name(register), at, cause, Permanence.PERMANENT, "ses")


def holder(name: str, *schools: str, **more: Any) -> Holder:
    told: dict[str, Any] = {"user_id": f"id-{name}", "sourced_id": name, "name": name.title()}
    told |= {"language": "en"}
    return Holder(**told, schools=schools, since=clock("00:00"), **more)


def reset(**changes: Any) -> Line:
    told = {"kind": "email", "cause": "invalid_address", "domain": "example.org", "schools": ("north",)}
    return Line(outcome=Outcome.RESET, **told | changes)


def test_a_line_tells_who_holds_the_credential_now_and_why() -> None:
    held = (
        holder("ada", "north", "south"),
        holder("dennis", "south"),
        holder("gone", "west", until=clock("01:00")),
    )
    standing = Standing(EMAIL, GOOD, held)
    blocks = [block("bounce@email", "09:30"), block("suppressed@email", "09:20", Cause.PROVIDER_SUPPRESSED)]
    told = incident_report.line(standing, Judged(Outcome.RESET, blocks))
    assert told == Line(
        outcome=Outcome.RESET,
        kind="email",
        credential="email:ada@example.org",
        domain="example.org",
        cause="invalid_address",
        since="2026-09-14T09:30:00Z",
        holders=(("id-ada", "ada", "Ada"), ("id-dennis", "dennis", "Dennis")),
        schools=("north", "south"),
    )
    assert Line.of_plain(told.plain()) == told


def test_of_whom_it_leaves_alone_it_tells_what_else_closes_it() -> None:
    judged = Judged(Outcome.LEFT_ALONE, others=[block("complaint@email", "08:00", Cause.COMPLAINT)])
    told = incident_report.line(Standing(EMAIL, GOOD, (holder("ada"),)), judged)
    assert (told.cause, told.since, told.others) == (
        None,
        None,
        (("complaint", "complaint", "2026-09-14T08:00:00Z"),),
    )
    assert Line.of_plain(told.plain()) == told


def test_of_one_that_thousands_hold_some_are_named() -> None:
    standing = Standing(EMAIL, GOOD, tuple(holder(f"p{i}") for i in range(30)))
    assert len(incident_report.line(standing, Judged(Outcome.ALREADY_GOOD)).holders) == 25


def test_numbers_are_of_what_changes_and_outcomes_of_all() -> None:
    lines = [
        reset(accounts=("ses/default",)),
        reset(schools=("north", "south"), cause="mailbox_full"),
        reset(domain=None, schools=(), cause=None),
        Line(outcome=Outcome.LEFT_ALONE, kind="email", cause="complaint", domain="example.org"),
        incident_report.nobody(Candidate(None, "stranger")),
        Line(outcome=Outcome.RESTORED, cause="mailbox_full", domain="b.example", schools=("south",)),
    ]
    assert incident_report.numbers(lines) == {
        "outcome": {"reset": 3, "left_alone": 1, "unknown_user": 1, "restored": 1},
        "cause": {"invalid_address": 1, "mailbox_full": 2, "": 1},
        "domain": {"example.org": 2, "": 1, "b.example": 1},
        "school": {"north": 2, "south": 2, "": 1},
        "account": {"ses/default": 1},
    }


def test_parts_add_up_and_of_too_many_names_the_smaller_count_under_none() -> None:
    numbers = incident_report.numbers([reset(), reset(domain="b.example")])
    total = incident_report.total([numbers, incident_report.numbers([reset()])])
    assert total["domain"] == {"example.org": 2, "b.example": 1}
    assert list(total["domain"]) == ["example.org", "b.example"]
    many = incident_report.numbers([reset(domain=f"{i}.example") for i in range(502)])
    largest = incident_report.total([many, many, incident_report.numbers([reset(domain=None)])])["domain"]
    assert (len(largest), largest[""]) == (501, 5)
    assert incident_report.total([]) == {
        "outcome": {},
        "cause": {},
        "domain": {},
        "school": {},
        "account": {},
    }


def test_ten_examples_of_what_changes_and_the_first_two_hundred_of_the_rest() -> None:
    rest = [Line(outcome=Outcome.LEFT_ALONE, credential=f"email:{i}@example.org") for i in range(201)]
    summary = incident_report.summary(
        [*rest, *(reset(credential=f"email:x{i}@a.example") for i in range(11))]
    )
    assert [line["credential"] for line in summary["examples"]] == [
        f"email:x{i}@a.example" for i in range(10)
    ]
    assert len(summary["left_alone"]) == 200


def test_the_report_has_a_row_for_each_holder_and_no_address() -> None:
    lines = [
        reset(
            credential="email:ada@example.org",
            since="2026-09-14T09:30:00Z",
            holders=(("1", "ada", "Ada Reyes"), ("2", "dennis", "Dennis Reyes")),
        ),
        Line(
            outcome=Outcome.LEFT_ALONE,
            kind="email",
            holders=(("3", "far", "Fara Way"),),
            others=(("complaint", "complaint", "2026-09-14T08:00:00Z"), ("bounce", "unknown", "x")),
        ),
        incident_report.nobody(Candidate(None, "stranger")),
    ]
    rows = [list(row.values()) for row in incident_report.rows(lines)]
    assert rows == [
        ["ada", "Ada Reyes", "email", "reset", "invalid_address", "2026-09-14T09:30:00Z", ""],
        ["dennis", "Dennis Reyes", "email", "reset", "invalid_address", "2026-09-14T09:30:00Z", ""],
        [
            "far",
            "Fara Way",
            "email",
            "left_alone",
            None,
            None,
            "complaint complaint 2026-09-14T08:00:00Z; bounce unknown x",
        ],
        ["stranger", "", None, "unknown_user", None, None, ""],
    ]
    assert tuple(incident_report.rows(lines)[0]) == incident_report.COLUMNS
