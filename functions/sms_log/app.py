"""Put Amazon SNS's SMS delivery log on the queue, line by line, as its subscription filter brings it.

Source: docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters (``data`` is gzip in base64).
"""

import base64
import gzip
from datetime import UTC, datetime
from typing import Any

import orjson

from reachable.queues import delivery_events

PROVIDER = "aws_sns_sms"


def handler(event: dict[str, Any], _context: object) -> None:
    """Keep every line; a failure is raised, so that CloudWatch Logs brings them again."""
    told = orjson.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    if told["messageType"] != "DATA_MESSAGE":  # a probe of the subscription
        return
    for line in told["logEvents"]:
        received_at = datetime.fromtimestamp(line["timestamp"] / 1000, UTC)
        delivery_events.put(
            delivery_events.Entry(provider=PROVIDER, received_at=received_at, body=line["message"].encode())
        )
