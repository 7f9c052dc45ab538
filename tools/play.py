"""``./dev play``: the demo's loop on any deployed stack, by its names in SSM and the caller's credentials.

It tells what it will do and asks; then each step says what it saw, and a table ends it. Nothing in it knows
whether AWS answers or something that stands in for it.
"""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from reachable.model import addresses
from reachable.model.errors import InvalidAddress
from tools import deployed, play_steps
from tools.deployed import Deployed
from tools.play_steps import Line, Outcome, Play, Wishes
from tools.steps import Failure, screen

_BOUNCE_SECONDS: Final = 120
_MARKS: Final = {Outcome.HELD: "[green]✓[/]", Outcome.NOT: "[red]✗[/]", Outcome.LEFT_OUT: "[dim]-[/]"}


def play(
    stage: Annotated[str, typer.Option(help="The stage, as it was deployed.")] = "prod",
    region: Annotated[str | None, typer.Option(help="Its region; else the credentials' own.")] = None,
    profile: Annotated[str | None, typer.Option(help="The profile of the AWS CLI to use.")] = None,
    stack_name: Annotated[str, typer.Option(help="CloudFormation's name; else reachable-<stage>.")] = "",
    user: Annotated[str, typer.Option(help="A sourcedId: mark and reset a credential of theirs.")] = "",
    text: Annotated[str, typer.Option(help="A number such as +12025550100, to which a text is sent.")] = "",
    within: Annotated[
        float, typer.Option(help="Seconds to wait for a failure to come back.")
    ] = _BOUNCE_SECONDS,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before it begins.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print the table as JSON, to send it on.")] = False,
) -> None:
    """Play the loop on a deployed stack, and say what held. It asks first; it costs less than a cent."""
    wishes = Wishes(user=user, text=_number(text), seconds=within)
    found = deployed.find(stage, stack_name or f"reachable-{stage}", deployed.own_session(profile, region))
    playing = play_steps.prepared(found, wishes)
    for told in plan(playing):
        screen.print(told, markup=False, soft_wrap=True)
    if not yes and not _agreed():
        raise Failure("Nothing was sent and nothing changed.", "Say y, or --yes where nobody can be asked.")
    lines: list[Line] = []
    try:
        for done in playing.played():
            lines.append(done)
            _tell(done)
    finally:
        if cleaned := playing.cleaned():
            lines.append(cleaned)
            _tell(cleaned)
    screen.print(table(lines))
    if json_:
        print(as_json(lines, found.region, datetime.now(UTC)))
    if not held(lines):
        raise typer.Exit(1)


def plan(playing: Play) -> list[str]:
    """What it will do, whom it writes to, what it costs and what stays, a line each."""
    on, wishes = playing.deployed, playing.wishes
    own = "a secret of its own, which the stack sees within a minute and which is taken away after"
    account = "the secret that stands in SSM" if playing.account else own
    lines = [
        f"On the stage {on.stage} in {on.region} this will",
        "- ask the gate by direct invokes, and call the API without a token, as a stranger and as a browser;",
    ]
    if on.mail:
        lines.append(
            f"- send one mail from {on.mail.sender} to {playing.address}, "
            "which is SES's own and always bounces;"
        )
    lines.append(
        f"- post as Twilio, with {account}, that a text to {playing.phone} failed, which nobody has;"
    )
    if wishes.user:
        lines.append(
            f"- mark one good credential of {wishes.user} bad by hand and reset it: for some seconds nothing "
            "goes to them there;"
        )
    if wishes.text:
        lines.append(f"- send one text by {_by(on)} to {wishes.text}, whose holder must have agreed to it.")
    price = "the text about 1 to 2 cents in the US, up to some 30 elsewhere; all else " if wishes.text else ""
    lines += [
        f"It costs: {price}less than a cent (a mail at 0.01 cent, some invokes, reads and writes).",
        "It stays: the history of that address and that number, which are nobody's"
        + (f", and two lines in that of {wishes.user}" if wishes.user else "")
        + f"; the audit, under {deployed.AS}.",
    ]
    return lines


def table(lines: Sequence[Line]) -> Table:
    """What was tried, what held, and how long it took."""
    shown = Table(title="What held", title_justify="left")
    for column in ("step", "tried", "outcome", "seconds"):
        shown.add_column(column, justify="right" if column == "seconds" else "left")
    for line in lines:
        shown.add_row(line.step, line.tried, f"{_MARKS[line.outcome]} {line.outcome}", f"{line.seconds:.1f}")
    return shown


def as_json(lines: Sequence[Line], region: str, at: datetime) -> str:
    """The table, to be sent on: no account, address, number, name or stage is in it."""
    told: dict[str, Any] = {
        "played": at.date().isoformat(),
        "region": region,
        "held": held(lines),
        "lines": [
            {
                "step": line.step,
                "outcome": line.outcome,
                "code": line.code,
                "seconds": round(line.seconds, 1),
            }
            for line in lines
        ],
    }
    return json.dumps(told, indent=1)


def held(lines: Sequence[Line]) -> bool:
    """Whether all held that was tried."""
    return all(line.outcome is not Outcome.NOT for line in lines)


def _tell(line: Line) -> None:
    screen.print(f"{_MARKS[line.outcome]} {line.tried} [dim]({line.seconds:.1f} s)[/]", soft_wrap=True)
    screen.print(f"   {line.saw}", markup=False, soft_wrap=True)


def _agreed() -> bool:
    return sys.stdin.isatty() and typer.confirm("Go on?", err=True)


def _by(on: Deployed) -> str:
    return "Amazon SNS" if on.settings.get("SMS_SENDER") == "sns" else "AWS End User Messaging"


def _number(typed: str) -> str:
    if not typed:
        return ""
    try:
        if typed.startswith("+"):
            return addresses.phone(typed, "US").address
    except InvalidAddress:
        pass
    raise Failure(f"{typed} is no number that a text can go to.", "Write it as +12025550100.")
