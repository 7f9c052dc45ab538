"""What every test needs: the environment that settings read at import, with names that are nobody's."""

import gc
import os
from functools import cache

import pytest
from botocore import loaders
from hypothesis import HealthCheck, settings

os.environ |= {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",  # moto's; no real account is ever asked
    "AWS_DEFAULT_REGION": "us-east-1",
    "POWERTOOLS_TRACE_DISABLED": "true",
    "POWERTOOLS_METRICS_DISABLED": "true",
    "POWERTOOLS_METRICS_NAMESPACE": "Reachable/test",
    "STAGE": "test",
    "CREDENTIALS_TABLE": "credentials",
    "ROSTER_TABLE": "roster",
    "AUDIT_TABLE": "audit",
    "MESSAGES_TABLE": "messages",
    "OUTBOUND_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/outbound",
    "OUTBOUND_URGENT_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/outbound-urgent",
    "PARKED_BUCKET": "parked",
    "ALARMS_TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:alarms",
    "PUBLIC_URL": "https://reachable.example",
    "UNSUBSCRIBE_SECRET_ARN": "unsubscribe",
    "EVENT_ID_SECRET_ARN": "event-ids",
    "INBOX_BUCKET": "inbox",
    "ROSTER_BUCKET": "roster-files",
    "RESULTS_BUCKET": "results",
    "IMPORT_STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:import-roster",
    "RESET_STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:reset-incident",
    "DELIVERY_EVENTS_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/delivery-events",
    "WEBHOOK_SECRETS": "/reachable/test/webhooks",
    "REACTIONS_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/reactions",
    "EVENT_BUS": "reachable-test",
    "EVENT_WEBHOOK_URL": "https://district.example/hooks",
    "EVENT_WEBHOOK_SECRET": "/reachable/test/event-webhook",
    "EVENT_WEBHOOK_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/event-webhook",
    "EVENT_WEBHOOK_DEAD_LETTERS_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/"
    "event-webhook-dead-letters",
    "DIGESTS_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/digests",
    "DIGEST_ROLES": "school_staff,teacher,district",
    "UPSTREAM_ACCOUNTS": "/reachable/test/upstream",
    "AUDIT_RETENTION_DAYS": "2555",
    "MESSAGE_RETENTION_DAYS": "400",
    "TRANSIENT_BOUNCE_LIMIT": "1",
    "TRANSIENT_BOUNCE_WINDOW_DAYS": "30",
    "BLOCK_EXPIRY_DAYS": "90",
    "SMS_SENDER": "aws_sms",
    "DEFAULT_REGION": "US",
    "DEFAULT_LANGUAGE": "en",
    "MAIL_FROM": "office@lincoln.example",
    "MAIL_FROM_NAME": "Lincoln High School",
    "SIGN_UP_URL": "https://lincoln.example/sign-up",
}

from tests import rights

# A slow machine is no fault of ours, and CI's run is to show what ours showed. Where more stories are asked
# for (tests/model, `./dev test --all`), the examples are others each time, too.
settings.register_profile(
    "ours",
    deadline=None,
    database=None,
    derandomize="REACHABLE_STEPS" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ours")

# moto begins a new session with each test, and each reads botocore's descriptions of services from files:
# megabytes of JSON, more than half of what it takes to make a fresh AWS. One reading does for all.
loaders.create_loader = cache(loaders.create_loader)

rights.watch()


def pytest_collection_finish() -> None:
    """What stands by now, botocore's and moto's, stays: a tenth of the time went into looking it through."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """What a test left open is told when it is collected; after a worker's last test nobody would hear it."""
    if nextitem is None:
        gc.collect()


def pytest_sessionfinish() -> None:
    """What the functions asked of AWS, for ``tests.rights``."""
    rights.keep()
