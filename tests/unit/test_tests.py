"""``./dev test`` without a stack: what it makes of a part's report."""

import os
import sys
from pathlib import Path
from typing import Final

import pytest

from tools import tests

_PASSES: Final = "def test_passes(): pass"
_XFAILS: Final = "@pytest.mark.xfail(strict=True, reason='a limit')\ndef test_xfails(): assert False"
_XPASSES: Final = "@pytest.mark.xfail(strict=True, reason='a limit')\ndef test_xpasses(): pass"
_NOT_RUN: Final = "@pytest.mark.xfail(run=False, reason='too slow')\ndef test_is_not_run(): pass"
_SKIPS: Final = "@pytest.mark.skip(reason='later')\ndef test_skips(): pass"
_FAILS: Final = "def test_fails(): assert False"


@pytest.mark.parametrize(
    ("written", "ok", "failures", "skipped", "xfailed"),
    [
        ((_PASSES,), True, 0, 0, 0),
        ((_PASSES, _XFAILS), True, 0, 0, 1),
        ((_PASSES, _XPASSES), False, 1, 0, 0),
        ((_PASSES, _XFAILS, _SKIPS), False, 0, 1, 1),
        ((_PASSES, _XFAILS, _NOT_RUN), False, 0, 1, 1),
        ((_PASSES, _FAILS), False, 1, 0, 0),
    ],
)
def test_what_was_skipped_fails_a_part_and_what_failed_as_it_must_does_not(
    tmp_path: Path, written: tuple[str, ...], ok: bool, failures: int, skipped: int, xfailed: int
) -> None:
    file, report = tmp_path / "test_some.py", tmp_path / "report.xml"
    file.write_text("\n\n".join(["import pytest", *written]))
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, str(file), f"--junitxml={report}"]

    part = tests.counted("some", command, report)

    assert part.ok == ok
    assert part.counts == {
        "tests": len(written),
        "failures": failures,
        "errors": 0,
        "skipped": skipped,
        "xfailed": xfailed,
    }


@pytest.mark.parametrize("written", ["", "<testsuites><testsuite tests='7'"])
def test_a_part_without_a_whole_report_is_not_well_whatever_it_answers(tmp_path: Path, written: str) -> None:
    report = tmp_path / "report.xml"
    command = [sys.executable, "-c", f"open({str(report)!r}, 'w').write({written!r})"]

    part = tests.counted("some", command, report)

    assert (part.ok, part.counts) == (False, {})
