"""``./dev fold-lists``: whether the lists of bad credentials say what the tables say. By IAM's leave.

It works the lists out anew, from the tables, with the settings of the function that keeps them.
"""

import json
import os
import time
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from tools import as_function
from tools.steps import Failure, screen

if TYPE_CHECKING:
    from reachable.flows.fold_lists import Difference

_PAUSE_SECONDS: Final = 5
_LOOKS: Final = 4


def fold_lists(
    mend: Annotated[bool, typer.Option("--mend", help="Have them kept anew where they differ.")] = False,
    stage: as_function.Stage = "",
    stack_name: as_function.StackName = "",
    profile: as_function.Profile = "",
    region: as_function.Region = "",
) -> None:
    """Compare the lists of bad credentials with what the tables say. Changes nothing without --mend."""
    os.environ.update(as_function.environment(["reactions"], stage, stack_name, profile, region))
    # Read after the environment is there: modules ask for their tables when they are imported.
    from reachable.flows import fold_lists as folding

    left = _lasting(folding.compare)
    _tell(left)
    if left and not mend:
        raise Failure(f"{len(left)} lines are not what the tables say.", "Run ./dev fold-lists --mend.")
    if left:
        screen.print(f"{folding.mend(left)} credentials are on the queue; look again in a minute.")


def _lasting(compare: Any) -> "list[Difference]":
    """What differs at every look: the stream is a second behind."""
    left = compare()
    for _ in range(_LOOKS - 1):
        if not left:
            break
        time.sleep(_PAUSE_SECONDS)
        still = set(compare())
        left = [difference for difference in left if difference in still]
    return list(left)


def _tell(left: "list[Difference]") -> None:
    counts = Counter(difference.fault.value for difference in left)
    screen.print(", ".join(f"{count} {fault}" for fault, count in counts.items()) or "All lists are right.")
    for difference in left:
        [entity, item] = difference.place
        named = str(difference.credential) if difference.credential else None
        print(json.dumps({"credential": named, "list": entity, "line": item, "fault": difference.fault}))
