"""docs/sending.md says what the code does: every field, word, limit and parameter."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from pydantic import BaseModel

from reachable.model import enqueue
from reachable.model.delivery_event import Cause
from reachable.model.enqueue import EnqueueOutcome, Reason
from reachable.model.group import HoldState
from reachable.model.message import UNREACHED, CancelOutcome, Dropped, MessageStatus
from reachable.model.send import RECIPIENTS_LIMIT, Purpose, Refusal
from reachable.queues import outbound
from reachable.rules import pace, wish
from reachable.web.models.messages import MessageIn
from reachable.web.models.sends import RecipientIn, VerdictOut

ROOT: Final = Path(__file__).parents[3]
PAGE: Final = (ROOT / "docs/sending.md").read_text("utf-8")
TEMPLATE: Final = (ROOT / "template.yaml").read_text("utf-8")


def _tables(header: str) -> Iterator[list[list[str]]]:
    """The rows of each table that starts with this line."""
    for rest in PAGE.split(f"\n{header}\n")[1:]:
        lines = rest.splitlines()[1:]
        end = next(number for number, line in enumerate([*lines, ""]) if not line.startswith("|"))
        yield [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[:end]]


def _table(header: str) -> list[list[str]]:
    [rows] = _tables(header)
    return rows


def _words(rows: list[list[str]]) -> list[str]:
    """Those of the first column."""
    return [word for cell, *_ in rows for word in re.findall(r"`(\w+)`", cell)]


PARAMETERS: Final = _table("| parameter | default | |")


@pytest.mark.parametrize(("number", "request_"), [(0, RecipientIn), (1, MessageIn)])
def test_what_is_asked_with_is_what_the_route_takes(number: int, request_: type[BaseModel]) -> None:
    assert set(_words(list(_tables("| asked with | |"))[number])) == set(request_.model_fields)


def test_each_field_of_the_gate_s_answer_is_told() -> None:
    assert _words(_table("| answered | |")) == list(VerdictOut.model_fields)


def test_statuses_are_told_in_their_order() -> None:
    assert _words(_table("| status | | what to do |")) == list(MessageStatus)


def test_every_reason_is_told() -> None:
    rows = _table("| word | in a check, or of a `blocked` message | of a message that failed |")
    assert sorted(_words(rows)) == sorted([*Cause, *Refusal])


def test_every_outcome_is_told_and_why_one_is_refused() -> None:
    rows = _table("| `outcome` | |")
    assert _words(rows) == list(EnqueueOutcome)
    refused = set(re.findall(r"`(\w+)`", rows[-1][1]))
    assert refused >= {*Reason, Refusal.UNKNOWN_USER, Refusal.NO_SUCH_CHANNEL}


def test_every_purpose_is_told_with_its_queue_and_its_age() -> None:
    rows = _table("| purpose | of | queue | too old after |")
    assert _words(rows) == list(Purpose)
    queues = ["urgent" if purpose.is_urgent else "general" for purpose in Purpose]
    assert [row[2] for row in rows] == queues
    assert [_age(row[3]) for row in rows] == [pace.AGES[purpose] for purpose in Purpose]


def _age(told: str) -> timedelta:
    """Such as ``72 hours``."""
    number, unit = told.split()
    return timedelta(**{unit: int(number)})


def test_why_a_message_is_dropped_and_what_a_cancel_answers_is_told() -> None:
    assert _words(_table("| `dropped` as | |")) == list(Dropped)
    assert _words(_table("| cancelling came | |")) == list(CancelOutcome)


def test_each_state_of_a_batch_is_told() -> None:
    assert _words(_table("| `state` | |")) == ["running", *HoldState]


def test_whom_a_message_did_not_reach_is_searched_for_by_the_statuses_that_tell_alternatives() -> None:
    told = " ".join(PAGE.partition("of whom it did not reach (")[2].partition(")")[0].split())
    assert set(re.findall(r"`(\w+)`", told)) == UNREACHED
    [searched] = set(re.findall(r'"?(?:status"|NOT_REACHED)(?::| =) \[(.*)\]', PAGE))
    assert set(re.findall(r'"(\w+)"', searched)) == UNREACHED


def test_the_limits_are_those_of_the_routes() -> None:
    for limit in (
        f"Up to {RECIPIENTS_LIMIT:,} recipients",
        f"Up to {enqueue.LIMIT} messages",
        f"any other at most {wish.TEXT_LIMIT:,}",
        f"over {outbound.MESSAGE_BYTES:,} bytes",
    ):
        assert PAGE.count(limit) == 1, limit


def test_parameters_are_the_template_s_with_their_defaults() -> None:
    told = {parameter.strip("`"): default.strip("`") for parameter, default, _ in PARAMETERS}
    assert told == {parameter: _defaults()[parameter] for parameter in told}


def test_the_parameters_of_the_function_that_sends_are_all_told() -> None:
    used = set(re.findall(r"!Ref (\w+)", _of_template("\n  Dispatch:\n", "\n      Policies:\n")))
    assert used & set(_defaults()) <= set(_words(PARAMETERS))


def _defaults() -> dict[str, str]:
    """Of each parameter that has one and stands on several lines."""
    found = re.findall(
        r"^  (\w+):\n(?:    .*\n)*?    Default: (.*)\n",
        _of_template("\nParameters:\n", "\nConditions:\n"),
        re.MULTILINE,
    )
    return {parameter: default.strip('"') for parameter, default in found}


def _of_template(start: str, end: str) -> str:
    return TEMPLATE.partition(start)[2].partition(end)[0]
