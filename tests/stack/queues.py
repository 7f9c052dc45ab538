"""What stands on the queues, and who works them off."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

from tools import place
from tools.stack import Stack

SAMPLES: Final = place.ROOT / "tests/samples"
"""What providers say, a folder each."""


def entry(provider: str, **body: str) -> dict[str, Any]:
    """What ``webhooks`` puts on the queue."""
    received = {"received_at": datetime.now(UTC).isoformat(), "account": None, "method": "POST", "url": ""}
    headers = {"content-type": "application/x-www-form-urlencoded"} if provider == "twilio" else {}
    return {"provider": provider, "query": "", "headers": headers, **received, **body}


@contextmanager
def held(stack: Stack) -> Iterator[None]:
    """Nothing is sent meanwhile."""
    functions = stack.aws.functions
    sources = functions.list_event_source_mappings(FunctionName=stack.functions["dispatch"])[
        "EventSourceMappings"
    ]
    for source in sources:
        functions.update_event_source_mapping(UUID=source["UUID"], Enabled=False)
    try:
        yield
    finally:
        for source in sources:
            functions.update_event_source_mapping(UUID=source["UUID"], Enabled=True)
