"""``./dev fold-lists``: whether the lists of bad credentials say what the tables say. By IAM's leave.

It works the lists out anew, from the tables, with the settings of the function that keeps them.
"""

import json
import os
import time
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import urlsplit

import typer

from tools import deployed, place, stack
from tools.steps import Failure, screen

if TYPE_CHECKING:
    from reachable.flows.fold_lists import Difference

_PAUSE_SECONDS: Final = 5
_LOOKS: Final = 4


def fold_lists(
    mend: Annotated[bool, typer.Option("--mend", help="Have them kept anew where they differ.")] = False,
    stage: Annotated[str, typer.Option(help="Of a deploy on AWS: its stage. Else the local stack.")] = "",
    stack_name: Annotated[str, typer.Option(help="CloudFormation's name; else reachable-<stage>.")] = "",
    profile: Annotated[str, typer.Option(help="The AWS profile, with --stage.")] = "",
    region: Annotated[str, typer.Option(help="The AWS region, with --stage.")] = "",
) -> None:
    """Compare the lists of bad credentials with what the tables say. Changes nothing without --mend."""
    os.environ.update(
        _of_stage(stage, stack_name or f"reachable-{stage}", profile, region) if stage else _of_local_stack()
    )
    # Read after the environment is there: modules ask for their tables when they are imported.
    from reachable.flows import fold_lists as folding

    left = _lasting(folding.compare)
    _tell(left)
    if left and not mend:
        raise Failure(f"{len(left)} lines are not what the tables say.", "Run ./dev fold-lists --mend.")
    if left:
        screen.print(f"{folding.mend(left)} credentials are on the queue; look again in a minute.")


def _of_local_stack() -> dict[str, str]:
    running = stack.running()
    settings = _settings(running.aws.functions, running.functions["reactions"])
    return settings | place.aws_variables(urlsplit(running.endpoint_url).port or 0)


def _of_stage(stage: str, name: str, profile: str, region: str) -> dict[str, str]:
    session = deployed.own_session(profile or None, region or None)
    found = deployed.find(stage, name, session)
    settings = _settings(session.client("lambda"), found.outputs["ReactionsFunction"])
    return settings | {"AWS_DEFAULT_REGION": found.region} | ({"AWS_PROFILE": profile} if profile else {})


def _settings(functions: Any, name: str) -> dict[str, str]:
    return dict(functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"])


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
