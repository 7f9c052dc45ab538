"""Times as others read them."""

from datetime import UTC, datetime


def rfc3339(at: datetime) -> str:
    """A time in UTC, ``2026-11-28T05:00:00Z`` (RFC 3339)."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
