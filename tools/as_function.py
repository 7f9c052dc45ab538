"""The environment of deployed functions, so that a command does what they do, by IAM's leave."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from tools import deployed, place, stack

type Stage = Annotated[str, typer.Option(help="Of a deploy on AWS: its stage. Else the local stack.")]
type StackName = Annotated[str, typer.Option(help="CloudFormation's name; else reachable-<stage>.")]
type Profile = Annotated[str, typer.Option(help="The AWS profile, with --stage.")]
type Region = Annotated[str, typer.Option(help="The AWS region, with --stage.")]


def environment(
    functions: Sequence[str], stage: str, stack_name: str, profile: str, region: str
) -> dict[str, str]:
    """The settings of these functions, by plain name, and what leads to their AWS.

    Modules ask for their tables when they are imported: so it is set before any of them is.
    """
    if not stage:
        return _of_local_stack(functions)
    session = deployed.own_session(profile or None, region or None)
    found = deployed.find(stage, stack_name or f"reachable-{stage}", session)
    names = [found.outputs[f"{name.title().replace('_', '')}Function"] for name in functions]
    settings = _settings(session.client("lambda"), names)
    return settings | {"AWS_DEFAULT_REGION": found.region} | ({"AWS_PROFILE": profile} if profile else {})


def _of_local_stack(functions: Sequence[str]) -> dict[str, str]:
    running = stack.running()
    settings = _settings(running.aws.functions, [running.functions[name] for name in functions])
    return settings | place.aws_variables(urlsplit(running.endpoint_url).port or 0)


def _settings(client: Any, names: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        found |= client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    return found
