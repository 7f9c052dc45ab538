"""``./dev check-roster``: what an administrator or a vendor sees of an export, on a laptop."""

import csv
import json
import os
from pathlib import Path
from typing import Any, Final

import pytest

from tests.roster_exports import district, zipped
from tests.unit.oneroster.exports import changed, without
from tools import rosters
from tools.steps import Failure

_GOOD: Final = zipped(district())


@pytest.fixture
def zip_(tmp_path: Path) -> Path:
    found = tmp_path / "oneroster.zip"
    found.write_bytes(_GOOD)
    return found


def _check(file: Path, **more: Any) -> None:
    rosters.check_roster(
        file,
        **{
            "after": None, "out": None, "region": "US", "language": "en",
            "max_removal_share": 0.1, "max_change_share": 0.25, **more,
        },
    )  # fmt: skip


def _said(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().err.split())


def test_a_good_export_is_said_to_be_taken(zip_: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _check(zip_)
    said = _said(capsys)
    assert "users.csv 6 6" in said
    assert "created: 2 school, 1 class, 2 student, 4 user" in said
    assert "An import would take this file." in said


def test_a_problem_is_told_with_its_place_and_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "spoilt.zip"
    file.write_bytes(zipped(changed("eve", email="none@none.com")))
    _check(file)
    assert "warning: users.csv line 6 email (eve): This email is made up" in _said(capsys)


def test_over_another_export_it_tells_what_would_change_and_what_the_guard_would_refuse(
    zip_: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = tmp_path / "now.zip"
    now.write_bytes(zipped(without("eve")))
    with pytest.raises(Failure, match="would refuse"):
        _check(now, after=zip_)
    said = _said(capsys)
    assert "removed: 1 user" in said
    assert "error: users.csv [users: 1 of 4]: More would be removed than usual" in said
    _check(now, after=zip_, max_removal_share=1.0)


def test_the_report_is_that_of_an_import(zip_: Path, tmp_path: Path) -> None:
    _check(zip_, out=tmp_path / "report")
    told = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert (told["state"], told["files"]["orgs.csv"]) == ("checked", {"read": 3, "taken": 3, "left_out": {}})
    assert told["counts"] == {"created": {"school": 2, "class": 1, "student": 2, "user": 4}}
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (rows[0]["severity"], rows[0]["file"], rows[0]["kind"]) == ("note", "orgs.csv", "lines")


def test_what_is_no_export_is_refused_with_what_it_looks_like(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "oneroster.zip"
    file.write_bytes(b"%PDF-1.7")
    with pytest.raises(Failure):
        _check(file)
    assert "the zip [PDF]: This is no zip file" in _said(capsys)


def test_a_file_that_is_not_there_and_a_base_that_is_none_are_said_so(zip_: Path, tmp_path: Path) -> None:
    with pytest.raises(Failure, match="No such file"):
        _check(tmp_path / "nothing.zip")
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"no zip")
    with pytest.raises(Failure, match="would itself be refused"):
        _check(zip_, after=broken)


def test_of_many_problems_of_one_kind_the_first_are_shown_and_all_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = district()
    tables["users"] = [row | {"email": "none@none.com"} for row in tables["users"]]
    tables["users"] += [row | {"sourcedId": f"{row['sourcedId']}2"} for row in tables["users"]]
    file = tmp_path / "many.zip"
    file.write_bytes(zipped(tables))
    _check(file)
    said = _said(capsys)
    assert said.count("This email is made up") == 5
    assert "... 8 of email_placeholder in all; --out lists them" in said


def test_it_reads_no_setting_of_a_stack(zip_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.endswith(("_TABLE", "_BUCKET")) or name.startswith(("AWS_", "DEFAULT_")):
            monkeypatch.delenv(name)
    _check(zip_)
