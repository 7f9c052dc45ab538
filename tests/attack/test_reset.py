"""A reset beside other acts."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from functions.profiles.app import handler as profiles
from reachable.store import dynamodb
from tests.functions import district
from tests.functions.api import another_process, call
from tests.functions.district import ADA
from tests.functions.test_reset import (
    EMAIL,
    PHONE,
    between,
    bounce,
    complaint,
    in_force,
    reset,
    stop,
    text,
)

__all__ = ["between"]


@pytest.fixture(autouse=True)
def _district(aws: None) -> None:
    district.settle()


def test_if_match_of_anything_is_decided_anew_as_without(between: Any) -> None:
    """RFC 9110: ``*`` matches whatever there is, so no status has changed against it."""
    bounce()
    between(stop)
    answer = reset({}, if_match="*")
    assert answer.status == 200, answer.body
    assert in_force(EMAIL) == []


def test_if_match_takes_a_list() -> None:
    """RFC 9110: one of several is enough."""
    bounce()
    now = call(profiles, "GET", f"/users/{ADA.id}", district.manager()).body["etag"]
    assert reset({}, if_match=f'"other", {now}').status == 200


OTHERS = another_process("reset")
MARK = {"credential": "email", "note": "x"}
ACTS: dict[str, Callable[[], object]] = {
    "bounce": partial(bounce, event_id="late", sent_at=None, occurred_at=None),
    "stop": stop,
    "complaint": complaint,
    "mark": lambda: call(OTHERS, "POST", f"/users/{ADA.id}/blocks", district.manager(), MARK),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("at_call", range(14))
@pytest.mark.parametrize("matching", [False, True])
def test_an_act_at_any_call_of_a_reset_is_lost_to_neither(act: str, at_call: int, *, matching: bool) -> None:
    """What came after the read is in force, or the answer knew of it."""
    bounce()
    text()
    etag = call(profiles, "GET", f"/users/{ADA.id}", district.manager()).body["etag"] if matching else None
    calls, running = [0], [False]

    def hook(**_: Any) -> None:
        if running[0]:
            return
        calls[0] += 1
        if calls[0] == at_call + 1:
            running[0] = True
            ACTS[act]()
            running[0] = False

    events = dynamodb.client().meta.events
    events.register_first("before-call.dynamodb", hook)
    answer = reset({}, if_match=etag)
    events.unregister("before-call.dynamodb", hook)
    if answer.status != 200:
        assert answer.status == 412
        assert "bounce@email" in in_force(EMAIL)
        assert "bounce@phone" in in_force(PHONE)
        return
    closed = {kind: bool(one["still_blocked"]) for one in answer.body["results"] for kind in [one["kind"]]}
    now = call(profiles, "GET", f"/users/{ADA.id}", district.manager()).body["etag"]
    if now == answer.body["etag"]:  # nothing came after the write
        assert closed == {"email": bool(in_force(EMAIL)), "phone": bool(in_force(PHONE))}
