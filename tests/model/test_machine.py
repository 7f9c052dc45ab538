"""Whatever happens, in whatever order, with a crash between any two writes: what must be true is true.

`machine` tells the stories, `oracle` says what must be, `wire` counts and cuts, `posts` speaks as providers.

    pytest tests/model                             about 2,000 steps, the same each time
    REACHABLE_STEPS=100000 pytest tests/model -s   more, others each time; prints the seed
    REACHABLE_SEED=7 ...                           the stories of that seed again
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

STEPS: Final = int(os.environ.get("REACHABLE_STEPS", "2000"))
SEED: Final = os.environ.get("REACHABLE_SEED")
STORY: Final = 50
"""Steps of one story."""


@pytest.mark.usefixtures("aws")
def test_what_must_be_true_is_true() -> None:
    is_default = SEED is None and "REACHABLE_STEPS" not in os.environ
    chosen = int(SEED) if SEED is not None else random.randrange(10**9)
    if not is_default:
        print(f"REACHABLE_SEED={chosen} REACHABLE_STEPS={STEPS}")  # noqa: T201 - to play it again
        seed(chosen)(Stories)
    began, Story.steps = time.process_time(), 0
    with time_machine.travel(BEGIN, tick=False) as clock, plugged_in(lambda: Story.current):
        Story.clock = clock
        run_state_machine_as_test(
            Stories,
            settings=settings(
                max_examples=max(1, STEPS // STORY),
                stateful_step_count=STORY,
                derandomize=is_default,
                database=None,
                deadline=timedelta(hours=1),
                print_blob=True,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate, Phase.shrink],
                report_multiple_bugs=False,
            ),
        )
    spent = time.process_time() - began
    print(f"{Story.steps} steps, {Story.steps / spent:.0f} a second")  # noqa: T201 - the measure
