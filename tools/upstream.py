"""``./dev upstream``: a provider's own list, shown, compared with ours, taken over; of any stack, by IAM's
leave.

The function ``upstream`` does it; what this does is to go through its pages, to divide a file, and to show.
"""

import csv
import getpass
import io
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.table import Table

from reachable import words
from tools import place, stack
from tools.aws import PATIENT
from tools.deployed import own_session
from tools.steps import Failure, screen

LINES_AT_ONCE: Final = 5_000
LETTERS_AT_ONCE: Final = 1_000_000
"""Of a file: an invoke takes 6 MB of JSON, in which a letter may be six."""

upstream: Final = typer.Typer(
    no_args_is_help=True, help="A provider's own list of addresses that it refuses, beside ours."
)

type _Account = Annotated[str, typer.Option(help="Which of the provider's accounts.")]
type _Stage = Annotated[str, typer.Option(help="Of a deploy on AWS: its stage. Else the local stack.")]
type _Profile = Annotated[str, typer.Option(help="The AWS profile, with --stage.")]
type _Region = Annotated[str, typer.Option(help="The AWS region, with --stage.")]
type _As = Annotated[str, typer.Option("--as", help="Who asks, for the audit.")]


@upstream.command("list")
def list_(
    provider: str,
    account: _Account = "default",
    stage: _Stage = "",
    profile: _Profile = "",
    region: _Region = "",
    by: _As = "",
) -> None:
    """Print a provider's list as CSV: address, reason, since, until, words, place."""
    ask = _Function(provider, account, stage, profile, region, by)
    columns = ("address", "reason", "since", "until", "words", "place")
    rows = [
        {name: item[name] or "" for name in columns}
        for answer in ask.pages({"act": "list"})
        for item in answer["items"]
    ]
    sys.stdout.buffer.write(words.as_csv(columns, rows))


@upstream.command()
def compare(
    provider: str,
    account: _Account = "default",
    stage: _Stage = "",
    profile: _Profile = "",
    region: _Region = "",
    by: _As = "",
) -> None:
    """Compare a provider's list with ours, both ways. Changes nothing."""
    ask = _Function(provider, account, stage, profile, region, by)
    _tell(_Sum.of(ask.pages({"act": "compare"})))


@upstream.command()
def take(
    provider: str,
    file: Annotated[Path | None, typer.Argument(help="A CSV that its console exported.")] = None,
    account: _Account = "default",
    reason: Annotated[str, typer.Option(help="Why those are listed of which the file tells none.")] = "",
    write: Annotated[bool, typer.Option("--write", help="Do it. Else it says what it would do.")] = False,
    stage: _Stage = "",
    profile: _Profile = "",
    region: _Region = "",
    by: _As = "",
) -> None:
    """Take a provider's list over as blocks with their own dates and reasons: a dry run, unless --write."""
    ask = _Function(provider, account, stage, profile, region, by)
    wish = {"act": "take", "dry_run": not write, "reason": reason or None}
    if file is None:
        _tell(_Sum.of(ask.pages(wish)))
    else:
        _tell(_Sum.of(ask.once(wish | {"csv": text}) for text in _parts(file)))


def _parts(file: Path) -> Iterator[str]:
    """A file in parts, each under the file's first line, unless that is an entry, as in SES's."""
    rows = _rows(file)
    if not rows:
        return
    first = rows[0]
    headless = any("@" in cell or cell.strip().startswith("+") for cell in first)
    lines, size, most = [] if headless else [first], 0, LINES_AT_ONCE
    for row in rows if headless else rows[1:]:
        length = sum(map(len, row))
        if len(lines) > most or size + length > LETTERS_AT_ONCE:
            yield _written(lines)
            lines, size = [] if headless else [first], 0
        lines.append(row)
        size += length
    yield _written(lines)


def _rows(file: Path) -> list[list[str]]:
    try:
        data = place.named(file).read_bytes()
    except OSError as failed:
        raise Failure(f"{file}: {failed.strerror}.", "Name a CSV file.") from failed
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    separator = max(",;\t", key=text.partition("\n")[0].count)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        return [row for row in rows if any(row)]
    except csv.Error as problem:
        raise Failure(
            f"{file} is no CSV that can be read: {problem}.", "Look for a quote too many."
        ) from None


def _written(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


class _Function:
    """The function ``upstream`` of a stack, asked of one account of a provider."""

    def __init__(self, provider: str, account: str, stage: str, profile: str, region: str, by: str) -> None:
        self._wish = {"as": by or getpass.getuser(), "provider": provider, "account": account}
        if stage:
            session = own_session(profile or None, region or None)
            name = f"/reachable/{stage}/upstream-function"
            try:
                self._lambda = session.client("lambda", config=PATIENT)
                self._name = session.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]
            except (BotoCoreError, ClientError) as refused:
                raise Failure(f"AWS, asked for {name}: {refused}", "Name the stage and region.") from None
        else:
            running = stack.running()
            self._lambda = running.aws.patient_functions
            self._name = running.functions["upstream"]

    def once(self, wish: Mapping[str, Any]) -> dict[str, Any]:
        """One answer.

        Raises:
            Failure: it says why not.
        """
        answer = self._lambda.invoke(
            FunctionName=self._name, Payload=json.dumps({**self._wish, **wish}).encode()
        )
        told = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise Failure(f"The function failed: {told}", "Its log tells more.")
        if "refused" in told:
            raise Failure(told["refused"], "See docs/releases.md.")
        return dict(told)

    def pages(self, wish: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Answer after answer, to the end."""
        cursor = None
        while True:
            answer = self.once({**wish, "cursor": cursor})
            yield answer
            if answer["next_cursor"] in (None, cursor):
                return
            cursor = answer["next_cursor"]


class _Sum:
    """Several answers as one."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.differences: list[dict[str, Any]] = []
        self.named: dict[str, list[str]] = {"not_held": [], "unreadable": []}
        self.dry_run = True
        self.incomplete = False

    def _each(self, answers: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Each answer; where one fails, first what was done until then."""
        try:
            yield from answers
        except Failure:
            _tell(self)
            raise

    @classmethod
    def of(cls, answers: Iterator[dict[str, Any]]) -> "_Sum":
        sum_ = cls()
        for answer in sum_._each(answers):
            sum_.incomplete |= answer["incomplete"]
            sum_.dry_run = answer["dry_run"]
            sum_.counts.update({name: answer[name] for name in ("entries", "over", "taken", "left_off")})
            sum_.counts.update(answer["counts"])
            sum_.differences += answer["differences"]
            for name, named in sum_.named.items():
                named.extend(answer[name])
        return sum_


_MEANS: Final = {
    "entries": "on the provider's list",
    "over": "of them ended by their own date: left alone",
    "same": "closed here, too",
    "only_there": "not closed here",
    "reset_here": "open again here by a reset, and still listed there",
    "only_here": "closed here by this provider, and not on its list",
    "taken": "taken over",
}


def _tell(sum_: _Sum) -> None:
    shown = Table(title="Both lists", title_justify="left")
    shown.add_column("addresses", justify="right")
    shown.add_column("")
    for name, means in _MEANS.items():
        shown.add_row(str(sum_.counts[name]), means)
    shown.add_row(str(len(sum_.named["not_held"])), "nobody in the roster has them")
    shown.add_row(str(len(sum_.named["unreadable"])), "no address that can be read")
    screen.print(shown)
    print(
        json.dumps(
            dict(sum_.counts) | {"dry_run": sum_.dry_run, "differences": sum_.differences} | sum_.named
        )
    )
    if sum_.dry_run and sum_.counts["only_there"]:
        screen.print("Nothing was written. With --write those that are not closed here will be.")
