"""Our tags, as they come back from a provider: in its custom data or in the callback URL's query."""

from collections.abc import Container, Mapping
from typing import Any, Final

from reachable.model.tags import MESSAGE_ID, SENT_AT, USER_ID
from reachable.model.tags import sent_at as sent_at  # noqa: PLC0414 - dialects read it here
from reachable.providers._reading import Unreadable, json_record

_OURS: Final = (MESSAGE_ID, SENT_AT, USER_ID)
_OURS_LENGTH_LIMIT: Final = 256  # what SES takes for a tag
_OTHERS_LIMIT: Final = 5
_OTHERS_LENGTH_LIMIT: Final = 100
"""Of custom data that is not ours: it is kept with the history, whose items stay under 1 KB."""


def tags(custom: Mapping[str, Any] | None, known: Container[str] = ()) -> dict[str, str]:
    """Our tags and a few short texts of other custom data; of a list of values (SES) the first.

    ``known`` are names that are no custom data, where a provider mixes its own among them.
    """
    if not custom:
        return {}
    kept = {name: text for name in _OURS if (text := _text(custom.get(name))) is not None}
    if len(custom) > len(kept):
        others = [
            (name, text)
            for name, value in custom.items()
            if name not in known
            and name not in kept
            and (text := _text(value))
            and len(name) + len(text) <= _OTHERS_LENGTH_LIMIT
        ]
        kept.update(others[:_OTHERS_LIMIT])
    return kept


def in_custom_data(value: object) -> dict[str, str]:
    """The tags in custom data that comes back as the text of a JSON object; any other text has none."""
    if not isinstance(value, str) or not value:
        return {}
    try:
        return tags(json_record(value).fields)
    except Unreadable:
        return {}


def of_message_id(text: str | None) -> dict[str, str]:
    """The tags where a provider has room for one text only: it is our message id."""
    return {MESSAGE_ID: text} if text and len(text) <= _OURS_LENGTH_LIMIT else {}


def _text(value: object) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return value if isinstance(value, str) and len(value) <= _OURS_LENGTH_LIMIT else None
