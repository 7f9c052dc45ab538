"""What each error tells its caller, and that the tree in the docstring is the one that there is."""

import re
from typing import Any

import pytest

from reachable.model import errors
from reachable.model.delivery_event import Cause, Permanence
from reachable.model.details import Detail
from reachable.model.errors import (
    ListUnclear,
    Meaningless,
    MessageRefused,
    NotFound,
    ParseError,
    PutOff,
    ReachableError,
    RecipientRefused,
    TooSoon,
)
from tests.builders import delivery_event


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (NotFound(Detail.NO_SUCH_USER), {"detail": Detail.NO_SUCH_USER, "values": {}}),
        (
            NotFound(Detail.NO_SUCH_CREDENTIAL, kind="phone"),
            {"detail": Detail.NO_SUCH_CREDENTIAL, "values": {"kind": "phone"}},
        ),
        (
            ParseError("ses", "[3].timestamp", "no time", [delivery_event()]),
            {
                "detail": "ses: [3].timestamp: no time",
                "values": {},
                "provider": "ses",
                "where": "[3].timestamp",
                "why": "no time",
                "events": (delivery_event(),),
            },
        ),
        (
            Meaningless(Detail.TOO_MANY_LINES, limit="1,000"),
            {"detail": Detail.TOO_MANY_LINES, "values": {"limit": "1,000"}, "pointer": ""},
        ),
        (
            Meaningless(Detail.NO_CREDENTIAL, "/consent"),
            {"detail": Detail.NO_CREDENTIAL, "values": {}, "pointer": "/consent"},
        ),
        (
            TooSoon(Detail.REMINDED_TODAY, 3600),
            {"detail": Detail.REMINDED_TODAY, "values": {}, "seconds": 3600},
        ),
        (
            PutOff("throttled"),
            {
                "detail": "Put off: throttled.",
                "values": {},
                "why": "throttled",
                "seconds": None,
                "denied": False,
            },
        ),
        (
            PutOff("throttled", 30, denied=True),
            {
                "detail": "Put off: throttled.",
                "values": {},
                "why": "throttled",
                "seconds": 30,
                "denied": True,
            },
        ),
        (
            RecipientRefused(Cause.OPT_OUT, None, "21610"),
            {
                "detail": "The provider refuses the recipient: 21610.",
                "values": {},
                "cause": Cause.OPT_OUT,
                "permanence": None,
                "code": "21610",
            },
        ),
        (
            RecipientRefused(Cause.INVALID_ADDRESS, Permanence.PERMANENT, "INVALID"),
            {
                "detail": "The provider refuses the recipient: INVALID.",
                "values": {},
                "cause": Cause.INVALID_ADDRESS,
                "permanence": Permanence.PERMANENT,
                "code": "INVALID",
            },
        ),
        (
            ListUnclear("no_list"),
            {"detail": "The provider's list answers no_list.", "values": {}, "code": "no_list"},
        ),
        (
            MessageRefused(Cause.CONTENT_OR_SIZE, "too_large"),
            {
                "detail": "The message is refused: too_large.",
                "values": {},
                "cause": Cause.CONTENT_OR_SIZE,
                "code": "too_large",
            },
        ),
    ],
)
def test_an_error_tells_its_caller_this_and_no_more(error: ReachableError, told: dict[str, Any]) -> None:
    assert vars(error) == told


def test_the_tree_that_is_drawn_is_the_one_that_there_is() -> None:
    drawn = re.findall(r"[├└]── (\w+) ", errors.__doc__ or "")
    raised = [
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and ReachableError in value.__bases__
    ]
    assert drawn == raised
    assert len(drawn) == 17
