"""The command line of ``./dev``: each command stands in the module of its group."""

import os
import sys
from typing import Final

import typer
import urllib3
from botocore.exceptions import BotoCoreError, ClientError

from tools import checks, console, demo, emulator, fold_lists, local, play, replay, rosters, tests, upstream
from tools.steps import Failure, screen

app: Final = typer.Typer(
    name="./dev",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Everything one does with this repository.",
)
for _command in (
    local.up,
    demo.demo,
    play.play,
    console.publish,
    replay.replay,
    fold_lists.fold_lists,
    rosters.check_roster,
    tests.test,
    checks.check,
    checks.format_code,
    checks.lock,
    checks.openapi,
    local.outputs,
    local.token,
    local.env,
    local.down,
):
    app.command(name=_command.__name__.removesuffix("_code").replace("_", "-"))(_command)
app.add_typer(console.console, name="console")
app.add_typer(upstream.upstream, name="upstream")


def main() -> int:
    """Run one command; a failure says what went wrong and what to do."""
    direct = [os.environ.get("NO_PROXY", ""), "127.0.0.1", "localhost"]  # the local stack is on this machine
    os.environ["NO_PROXY"] = ",".join(filter(None, direct))
    try:
        app()
    except (BotoCoreError, ClientError, urllib3.exceptions.HTTPError) as refused:
        return _say(
            Failure(f"The local AWS: {refused}", f"{emulator.LOG} tells more; ./dev down starts afresh.")
        )
    except Failure as failure:
        return _say(failure)
    return 0


def _say(failure: Failure) -> int:
    screen.print(f"\n✗ {failure.what}", style="red", markup=False)
    screen.print(f"  What to do: {failure.todo}", markup=False)
    return 1


if __name__ == "__main__":
    sys.exit(main())
