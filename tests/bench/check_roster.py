"""What checking an export costs, beside reading it with csv and json alone: ``python -m
tests.bench.check_roster 50000``.

``csv`` reads every line of the zip's files into a dict; ``json`` reads every row that the last import left. A
check does both, joins the district, and says what is wrong and what it would change. No stack is needed.
"""

import csv
import io
import json
import sys
import time
import zipfile
from collections.abc import Callable
from datetime import date

from rich.console import Console
from rich.table import Table

from reachable.oneroster import check, rows
from reachable.oneroster.check import Terms
from reachable.oneroster.compare import AllowedShares
from reachable.oneroster.problems import Problems
from reachable.oneroster.rows import Rows
from tests.bench.roster import export

TODAY = date(2026, 11, 27)
TERMS = Terms(
    then=TODAY,
    today=TODAY,
    region="US",
    default_language="en",
    allowed=AllowedShares(removal=0.1, change=0.25),
)


def _by_csv(zip_: bytes) -> int:
    count = 0
    with zipfile.ZipFile(io.BytesIO(zip_)) as archive:
        for member in archive.namelist():
            with archive.open(member) as raw, io.TextIOWrapper(raw, "utf-8", newline="") as text:
                for _ in csv.DictReader(text):
                    count += 1
    return count


def _by_json(lines: list[bytes]) -> int:
    return sum(1 for line in lines if json.loads(line))


def _best(run: Callable[[], object], times: int = 3) -> float:
    """The least CPU seconds of a few."""

    def one() -> float:
        began = time.process_time()
        run()
        return time.process_time() - began

    return min(one() for _ in range(times))


def main(users: int) -> None:
    """One table."""
    zip_ = export(users)
    problems = Problems()
    first = check.check(io.BytesIO(zip_), Rows(), TERMS, problems)
    assert not problems.listed
    stored = list(rows.lines(first.rows))

    def over_stored() -> None:
        check.check(io.BytesIO(zip_), rows.of_lines(stored), TERMS, Problems())

    by_csv, by_json = _best(lambda: _by_csv(zip_)), _best(lambda: _by_json(stored))
    alone = by_csv + by_json
    figures = {
        "csv alone": by_csv,
        "json alone": by_json,
        "a first check": _best(lambda: check.check(io.BytesIO(zip_), Rows(), TERMS, Problems())),
        "a check over the last import": _best(over_stored),
    }
    shown = Table("", "CPU s", "of csv and json", title=f"{users:,} users")
    for name, seconds in figures.items():
        shown.add_row(name, f"{seconds:.2f}", f"{seconds / alone:.2f}")
    Console().print(shown)


if __name__ == "__main__":
    main(int(sys.argv[1]))
