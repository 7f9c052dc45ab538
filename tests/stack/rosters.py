"""Imports of rosters over the API, and the sample district as somebody changed it."""

import csv
import io
from collections.abc import Callable
from typing import Any, Final

from tools import place
from tools.calls import Answer
from tools.sample_district import build_zip
from tools.stack import Stack

_ENDED: Final = {"done", "checked", "refused", "failed"}
_WITHIN_SECONDS: Final = 120
type Row = dict[str, str]
type Change = Callable[[list[Row]], list[Row]]


class Rosters:
    """The import routes, under the Rostering Administrator's token."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.token = stack.token("rostering_administrator")

    def api(self, method: str, path: str) -> Answer:
        return self.stack.api(method, path, token=self.token)

    def upload(self, zip_: bytes, *, dry_run: bool = False) -> str:
        """Put a zip where the API says; the import's id."""
        body = {"dry_run": True} if dry_run else None
        made = self.stack.api("POST", "/imports", body, self.token)
        assert made.status == 201, made.body
        assert self.stack.call("PUT", made.body["upload_url"], zip_, {}).status == 200
        return str(made.body["id"])

    def ended(self, import_id: str, *, forced: bool = False) -> dict[str, Any]:
        """The import, once it has ended."""

        def told() -> dict[str, Any] | None:
            shown: dict[str, Any] = self.api("GET", f"/imports/{import_id}").body
            return shown if shown["state"] in _ENDED and shown["forced"] is forced else None

        return self.stack.wait_until(told, "the import to end", _WITHIN_SECONDS)

    def force(self, import_id: str) -> dict[str, Any]:
        """Run it again, to its end."""
        assert self.api("POST", f"/imports/{import_id}/force").status == 202
        return self.ended(import_id, forced=True)


def export(change: Change, enrollments: Change | None = None) -> bytes:
    """The sample district with other users, and other enrollments."""
    changed = {"users.csv": change} | ({"enrollments.csv": enrollments} if enrollments else {})
    return build_zip({file: _changed(file, by) for file, by in changed.items()})


def _changed(name: str, change: Change) -> bytes:
    with (place.ROOT / "tools/sample_district" / name).open(newline="") as file:
        rows = list(csv.DictReader(file))
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(change(rows))
    return text.getvalue().encode("utf-8-sig")
