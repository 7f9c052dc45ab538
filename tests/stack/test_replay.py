"""``./dev replay``: what was recorded is fed again, and changes nothing that is known already."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from tests.stack.test_dead_letters import a_phone
from tools import place
from tools.stack import Stack


def replay(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tools", "replay", *arguments],
        cwd=place.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()[-1]


def test_a_folder_of_recorded_webhooks_is_fed_once_more(stack: Stack, tmp_path: Path) -> None:
    number = a_phone()
    for code in ("30005", "30006"):
        fields = f"MessageSid=SM{uuid4().hex}&MessageStatus=undelivered&ErrorCode={code}&To=%2B{number[1:]}"
        (tmp_path / f"{code}.txt").write_text(fields)
        headers = {"content-type": "application/x-www-form-urlencoded"}
        (tmp_path / f"{code}.headers.json").write_text(json.dumps(headers))
    told = replay(str(tmp_path), "--provider", "twilio")
    assert told == "2 webhooks, 1 credentials named, 1 changed their status"
    assert replay(str(tmp_path), "--provider", "twilio").endswith("0 changed their status")


def test_a_day_of_the_raw_archive_changes_nothing_that_is_known(stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"MessageSid=SM{uuid4().hex}&MessageStatus=sent&To=%2B12025550196")
    (tmp_path / "a.headers.json").write_text('{"content-type": "application/x-www-form-urlencoded"}')
    replay(str(tmp_path), "--provider", "twilio")
    told = replay("--archive", f"{datetime.now(UTC):%Y-%m-%d}")
    assert not told.startswith("0 webhooks")
    assert told.endswith(" 0 changed their status")
