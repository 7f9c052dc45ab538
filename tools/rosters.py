"""``./dev check-roster``: try an export on a laptop, without a stack: an import's report, nothing written."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import phonenumbers
import typer
from rich.table import Table

from reachable import words
from reachable.model.people import RosterKind, RosterRecord
from reachable.model.roster_problem import ProblemKind
from reachable.oneroster import check, report
from reachable.oneroster.check import Checked, Terms
from reachable.oneroster.compare import AllowedShares
from reachable.oneroster.join import Joined
from reachable.oneroster.problems import Problems
from reachable.oneroster.rows import Rows
from tools import place
from tools.steps import Failure, screen

_SHOWN: Final = 5
"""Problems of one kind that are shown; the rest is in the report."""


def check_roster(
    file: Annotated[Path, typer.Argument(help="The zip that the SIS has exported.")],
    after: Annotated[Path | None, typer.Option(help="The zip of the last import, to compare with.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where to put the report: this name .csv and .json.")
    ] = None,
    region: Annotated[str, typer.Option(help="The country of phone numbers without one, as US.")] = "US",
    language: Annotated[str, typer.Option(help="The district's language: en or es.")] = "en",
    max_removal_share: Annotated[float, typer.Option(help="As MaxRemovalShare.", min=0, max=1)] = 0.10,
    max_change_share: Annotated[float, typer.Option(help="As MaxChangeShare.", min=0, max=1)] = 0.25,
) -> None:
    """Check a OneRoster zip as an import would, without a stack; nothing is written but the report."""
    if not phonenumbers.country_code_for_region(region.upper()):
        raise Failure(f"There is no country {region}.", "Name it by its two letters, such as US.")
    today = datetime.now(UTC).date()
    terms = Terms(
        then=today,
        today=today,
        region=region.upper(),
        default_language=language,
        allowed=AllowedShares(max_removal_share, max_change_share),
    )
    file = place.named(file)
    before = _rows_of(place.named(after), terms) if after is not None else Rows()
    problems = Problems()
    checked = _checked(file, before, terms, problems)
    spoken = words.spoken(language)
    summary = report.plain(checked) | {"problems": report.told(problems, spoken)}
    counts = _counts(Joined(before, today, language), checked.joined)
    _show(summary, counts)
    if out is not None:
        about = {"file": file.name, "state": "checked", "at": datetime.now(UTC).isoformat(), "counts": counts}
        folder = place.named(out).parent
        as_csv, as_json = (folder / f"{out.name}.{kind}" for kind in ("csv", "json"))
        try:
            as_json.write_text(json.dumps(about | summary, indent=1), "utf-8")
            as_csv.write_bytes(report.as_csv(summary))
        except OSError as failed:
            raise Failure(f"{as_json}: {failed.strerror}.", "Name another place with --out.") from failed
        screen.print(f"The report: {as_csv} (a spreadsheet opens it) and {as_json.name}", markup=False)
    if problems.refuse:
        raise Failure(
            "An import would refuse this file.", "Mend what is called an error, and check it again."
        )
    screen.print("✓ An import would take this file.", style="green")


def _checked(file: Path, before: Rows, terms: Terms, problems: Problems) -> Checked:
    try:
        with file.open("rb") as opened:
            return check.check(opened, before, terms, problems)
    except OSError as failed:
        raise Failure(f"{file}: {failed.strerror}.", "Name the zip that the SIS has exported.") from failed


def _rows_of(file: Path, terms: Terms) -> Rows:
    problems = Problems()
    checked = _checked(file, Rows(), terms, problems)
    if problems.refuse:
        raise Failure(f"{file} would itself be refused.", "Check it alone first, without --after.")
    return checked.rows


def _counts(before: Joined, after: Joined | None) -> dict[str, dict[str, int]]:
    """Records by what an import would do to them, and by kind."""
    if after is None:
        return {}
    was, now = _records(before), _records(after)
    counts: dict[str, Counter[str]] = {}
    for key, record in now.items():
        what = "created" if key not in was else "unchanged" if was[key] == record else "changed"
        counts.setdefault(what, Counter())[key[0]] += 1
    for kind, _ in was.keys() - now.keys():
        counts.setdefault("removed", Counter())[kind] += 1
    return {what: dict(of_kind) for what, of_kind in counts.items()}


def _records(joined: Joined) -> dict[tuple[RosterKind, str], RosterRecord]:
    of_kinds: dict[RosterKind, Iterable[RosterRecord]] = {
        RosterKind.SCHOOL: joined.schools(),
        RosterKind.CLASS: joined.classes(),
        RosterKind.STUDENT: joined.students(),
        RosterKind.USER: joined.users(),
    }
    return {(kind, record.id): record for kind, records in of_kinds.items() for record in records}


def _show(summary: dict[str, Any], counts: dict[str, dict[str, int]]) -> None:
    files = Table("file", "lines read", "taken", "left out", box=None, padding=(0, 2))
    for file, counted in summary["files"].items():
        reasons = ", ".join(f"{reason} {count}" for reason, count in counted["left_out"].items())
        files.add_row(file, str(counted["read"]), str(counted["taken"]), reasons)
    if summary["files"]:
        screen.print(files)
    for what, of_kind in counts.items():
        screen.print(
            f"{what}: " + ", ".join(f"{count} {kind}" for kind, count in of_kind.items()), markup=False
        )
    shown: Counter[str] = Counter()
    for problem in summary["problems"]["listed"]:
        kind = problem["kind"]
        shown[kind] += 1
        if shown[kind] > _SHOWN:
            continue
        place = " ".join(
            str(part)
            for part in (
                problem["file"],
                f"line {problem['line']}" if problem["line"] else "",
                problem["column"] or "",
                f"({problem['sourced_id']})" if problem["sourced_id"] else "",
                f"[{problem['figures']}]" if problem["figures"] else "",
            )
            if part
        )
        screen.print(
            f"{problem['severity']}: {place}: {problem['what_to_do']}", markup=False, highlight=False
        )
    for kind, count in summary["problems"]["counts"].items():
        if count > _SHOWN:
            screen.print(f"... {count} of {ProblemKind(kind)} in all; --out lists them", markup=False)
