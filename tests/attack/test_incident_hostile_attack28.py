"""Attack on issue 28: what a body, a query or a list may say that no answer can bear."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from reachable.buckets import s3
from tests.functions import incidents
from tests.functions.conftest import at_nine, aws, bus, state_machine
from tests.functions.incidents import NINE, api, bounced, shown, work

__all__ = ["at_nine", "aws", "bus", "state_machine"]
pytestmark = pytest.mark.usefixtures("at_nine", "bus", "state_machine")


@pytest.mark.parametrize(
    "where",
    [
        {"from": "2026-09-14T09:00:00Z", "to": "9999-12-31T23:59:59-12:00"},
        {"from": "0001-01-01T00:00:00+12:00"},
        {"from": "2026-09-14T09:00:00+23:59"},
        NINE | {"domain": "a@b.org"},
        NINE | {"domain": "x y.org"},
        NINE | {"domain": "\x00"},
        NINE | {"domain": "xn--"},
        NINE | {"domain": "a" * 200},
        NINE | {"domain": "."},
        NINE | {"domain": "[127.0.0.1]"},
        NINE | {"domain": '"a b"@example.org'},
        NINE | {"text": "\ud800"},
        NINE | {"school": "\ud800"},
        NINE | {"school": "\x00"},
        NINE | {"provider": "ses#\n"},
        NINE | {"from": 5},
        NINE | {"from": "1e400"},
        NINE | {"from": "-1e15"},
        NINE | {"from": 1e30},
    ],
    ids=str,
)
def test_no_window_breaks_an_answer(at_nine: time_machine.Traveller, where: dict[str, Any]) -> None:
    answer = api("POST", "/resets", {"where": where, "dry_run": True})
    lists = api("GET", "/resets")
    assert (answer.status < 500, lists.status) == (True, 200), (answer.body, lists.body)
    if answer.status == 202:
        work(answer.body["id"])
        shown(answer.body["id"])


@pytest.mark.parametrize(
    "body",
    [
        {"users": [{}]},
        {"users": ["\ud800"]},
        {"users": ["\x00"]},
        {"users": ["ada"], "note": "\ud800"},
        {"users": [{"user_id": "far", "sourced_id": "ada"}]},
        {"users": [""]},
        {"file": False},
        {"users": ["x"], "file": True},
        {"users": ["é" * 255] * 1000},
    ],
    ids=lambda b: str(b)[:60],
)
def test_no_list_breaks_an_answer(at_nine: time_machine.Traveller, body: dict[str, Any]) -> None:
    answer = api("POST", "/resets", body | {"dry_run": True})
    lists = api("GET", "/resets")
    assert (answer.status < 500, lists.status) == (True, 200), (answer.body, lists.body)
    if answer.status == 202:
        work(answer.body["id"])
        assert shown(answer.body["id"])["state"] in ("counted", "refused")


@pytest.mark.parametrize("path", ["..", "a%2fb", "x" * 100, "%00", "é", "incidents"])
def test_no_id_breaks_an_answer(path: str) -> None:
    assert api("GET", f"/resets/{path}").status in (400, 404)
    assert api("GET", "/resets", query={"cursor": path}).status == 200


@pytest.mark.parametrize(
    "text",
    [
        b"ada\x00\n",
        b"sourced_id\r\rada\r",
        b"\xef\xbb\xbf\xef\xbb\xbfsourced_id\nada\n",
        b"sep=;\nsourced_id;x\nada;1\n",
        b"name,sourced_id\nReyes\nx,ada\n",
        "sourced_id\nada\u00a0\n".encode(),
        b"ada\n" + b"x" * 200_000 + b"\n",
        b"a" * 5 + b"\n" * 3_000_000,
    ],
    ids=lambda t: str(t)[:40],
)
def test_no_file_breaks_a_count(at_nine: time_machine.Traveller, text: bytes) -> None:
    bounced()
    at_nine.move_to(datetime.now(UTC) + timedelta(minutes=120), tick=False)
    saved = api("POST", "/resets", {"file": True, "dry_run": True}).body
    key = f"uploads/{saved['id']}.csv"
    s3.put("results", key, text, "text/csv")
    incidents.run("by-the-upload", {"detail": {"object": {"key": key}}})
    seen = shown(saved["id"])
    assert seen["state"] in ("counted", "refused")
