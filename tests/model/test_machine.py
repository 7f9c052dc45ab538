"""Whatever happens, in whatever order, with a crash between any two writes: what must be true is true.

`machine` tells the stories (`clients`, `providers`, `staff` act, `sight` looks); `oracle` says what must be,
of `status` and `messages` and by what is `told`; `wire` counts and cuts; `posts` speaks as providers.

    pytest tests/model                             3,000 steps, the same each time
    REACHABLE_STEPS=100000 pytest tests/model -s   more, others each time; it says which seeds
    REACHABLE_SEED=7 pytest tests/model            from that seed on again
    REACHABLE_WITHOUT="lying_clocks accounts" ...  leaves kinds of trouble out (`story.Trouble`)
"""

import os
import random
import time
from datetime import timedelta
from typing import Final

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.machine import Stories
from tests.model.story import BEGIN, Story
from tests.model.wire import plugged_in

STEPS: Final = int(os.environ.get("REACHABLE_STEPS", "3000"))
SEED: Final = int(
    os.environ.get("REACHABLE_SEED") or ("REACHABLE_STEPS" in os.environ and random.randrange(10**9))
)
SETTINGS: Final = settings(
    max_examples=22,
    stateful_step_count=50,
    database=None,
    deadline=timedelta(hours=1),
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
    report_multiple_bugs=False,
)
"""Of the stories of one seed."""
MUST_HAPPEN: Final = frozenset(
    {
        *("a client died", "dispatch died", "events died", "a reset died", "an import died"),
        *("an act was interrupted", "events were interrupted", "a reset was interrupted"),
        *("sent", "blocked", "too old", "a dead worker had it", "unsubscribed"),
        *(
            "reset",
            "refused",
            "already_good",
            "a reset came too late",
            "marked manual",
            "marked unsubscribed",
        ),
        *("a shared id", "a long id", "forwarded", "a tag that proves nothing"),
        *(f"{by} told sent" for by in ("ses", "aws_sms", "sendgrid", "sparkpost", "twilio", "sinch")),
        *(f"{by} told bounced" for by in ("ses", "aws_sms", "sendgrid", "sparkpost", "twilio", "sinch")),
        *("ses told complained", "ses told opted_out", "twilio told opted_out", "sinch told opted_in"),
    }
)
"""Stories without these would show less than they say."""


@pytest.mark.usefixtures("aws")
def test_what_must_be_true_is_true() -> None:
    began, number = time.process_time(), SEED
    with time_machine.travel(BEGIN, tick=False) as clock, plugged_in(lambda: Story.current):
        Story.clock = clock
        while Story.steps < STEPS:
            print(f"REACHABLE_SEED={number}: {Story.steps} steps so far")  # noqa: T201 - to play it again
            run_state_machine_as_test(seed(number)(Stories), settings=SETTINGS)
            number += 1
    each = Story.steps / (time.process_time() - began)
    print(f"{Story.steps} steps, {each:.0f} a second: {sorted(Story.happened.items())}")  # noqa: T201 - measured
    missing = MUST_HAPPEN - {what for what, count in Story.happened.items() if count}
    is_whole = "REACHABLE_WITHOUT" not in os.environ and STEPS >= 3000
    assert not (is_whole and missing), f"no story had {missing} in it"
