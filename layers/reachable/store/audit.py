"""The table ``audit``: who saw whose profile, who reset, marked, imported what, when and why. Put only.

Each act stands twice, so that it can be read by person (``user#<id>``) and by staff member (``staff#<id>``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import uuid4

from reachable import settings
from reachable.store import dynamodb

TABLE: Final = settings.text("AUDIT_TABLE")
RETENTION_DAYS: Final = settings.typed("AUDIT_RETENTION_DAYS", int)
"""Seven years by default, as school records are commonly kept."""


class Act(StrEnum):
    """What somebody did."""

    VIEWED = "viewed"
    VIEWED_EVENTS = "viewed_events"
    VIEWED_MESSAGES = "viewed_messages"
    VIEWED_MESSAGE = "viewed_message"
    VIEWED_BATCH = "viewed_batch"
    VIEWED_IMPORT = "viewed_import"
    SEARCHED = "searched"
    SEARCHED_MESSAGES = "searched_messages"
    LISTED_SCHOOLS = "listed_schools"
    LISTED_CLASSES = "listed_classes"
    LISTED_IMPORTS = "listed_imports"
    LISTED_BATCHES = "listed_batches"
    LISTED_BAD = "listed_bad_credentials"
    EXPORTED_BAD = "exported_bad_credentials"
    VIEWED_STATISTICS = "viewed_statistics"
    VIEWED_PROVIDERS = "viewed_providers"
    RESET = "reset"
    MARKED = "marked"
    REMINDED = "reminded"
    DIGEST = "digest"
    """Was named to a member of staff in a weekly mail."""
    ACCEPTED = "accepted"
    UPLOADED = "uploaded"
    """Got an address to which a roster can be put."""
    IMPORTED = "imported"
    FORCED = "forced"
    HELD = "held"
    RESUMED = "resumed"
    DROPPED = "dropped"
    CANCELLED = "cancelled"
    SAVED_INCIDENT = "saved_incident"
    """Asked for a reset of many: a list of people, or a window of time."""
    LISTED_INCIDENTS = "listed_incidents"
    VIEWED_INCIDENT = "viewed_incident"
    EXPORTED_INCIDENT = "exported_incident"
    """Got the address of an incident's report."""
    COUNTED_INCIDENT = "counted_incident"
    STARTED_INCIDENT = "started_incident"
    STOPPED_INCIDENT = "stopped_incident"
    UNDID_INCIDENT = "undid_incident"
    RESTORED = "restored"
    """An incident's undo closed again what its run had reset."""
    LISTED_UPSTREAM = "listed_upstream"
    COMPARED_UPSTREAM = "compared_upstream"
    TAKEN_OVER = "taken_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """One act ``by`` somebody (`model.viewer.Viewer`'s id), on a person where it was on one.

    ``shown`` are the ids of what a list or search showed.
    """

    at: datetime
    act: Act
    by: str
    user_id: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    shown: Sequence[str] = ()
    id: str = field(default_factory=lambda: uuid4().hex)


def write(entry: AuditRecord) -> None:
    """Keep an act. 1 write unit a line of it."""
    dynamodb.batch_put(TABLE, _items(entry))


def puts(entry: AuditRecord) -> list[dict[str, Any]]:
    """The act as Puts for a transaction, so that nothing is done without its record."""
    return [{"TableName": TABLE, "Item": dynamodb.to_wire(item)} for item in _items(entry)]


def _items(entry: AuditRecord) -> list[dict[str, Any]]:
    common = {
        "item": f"{entry.at.isoformat(timespec='microseconds')}#{entry.id}",
        "act": entry.act.value,
        "by": entry.by,
        "user_id": entry.user_id,
        "details": dict(entry.details) or None,
        "shown": list(entry.shown) or None,
        "expires_at": int((entry.at + timedelta(days=RETENTION_DAYS)).timestamp()),
    }
    subjects = [f"staff#{entry.by}"] + ([f"user#{entry.user_id}"] if entry.user_id else [])
    return [{"subject": subject} | common for subject in subjects]
