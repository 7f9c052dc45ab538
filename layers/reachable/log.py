"""What happened, as an event name with fields; and the metrics counted of it.

No address, phone number, name or message text is ever a field: ids, codes and counts are.
"""

import warnings
from enum import StrEnum
from typing import Final

from aws_lambda_powertools import Logger, Metrics

logger: Final = Logger(service="reachable", utc=True)
# A call that is refused counts nothing, which is no reason to warn.
warnings.filterwarnings("ignore", message="No application metrics to publish")
# The namespace is the stage's: the environment tells it (template.yaml).
metrics: Final = Metrics(service="reachable")


class Event(StrEnum):
    """The names under which things are logged."""

    WEBHOOK_ACCEPTED = "webhook_accepted"
    WEBHOOK_REFUSED = "webhook_refused"
    WEBHOOK_NOT_STORED = "webhook_not_stored"
    SECRETS_NOT_READ = "secrets_not_read"
    DELIVERY_EVENTS_APPLIED = "delivery_events_applied"
    DELIVERY_EVENTS_UNREADABLE = "delivery_events_unreadable"
    DELIVERY_EVENTS_FAILED = "delivery_events_failed"
    RAW_NOT_ARCHIVED = "raw_not_archived"
    REQUEST_FAILED = "request_failed"
    BATCH_HELD = "batch_held"
    BATCH_NOT_COUNTED = "batch_not_counted"
    STATISTICS_NOT_COUNTED = "statistics_not_counted"
    DOMAINS_NOT_READ = "domains_not_read"
    LINE_NOT_READ = "line_not_read"
    DOMAINS_NOT_KEPT = "domains_not_kept"
    PROOF_NOT_KEPT = "proof_not_kept"
    PACE_NOT_NOTED = "pace_not_noted"
    PROVIDER_NOT_NOTED = "provider_not_noted"
    LEAPS_NOT_COUNTED = "leaps_not_counted"
    LEAPS_NOT_JUDGED = "leaps_not_judged"
    LEAP_SEEN = "leap_seen"
    ALARM_NOT_TOLD = "alarm_not_told"
    ALARM_NOT_NOTED = "alarm_not_noted"
    SWEEP_FAILED = "sweep_failed"
    SWEEP_NOT_NOTED = "sweep_not_noted"
    SWEPT = "swept"
    SENDING_DENIED = "sending_denied"
    MESSAGE_FAILED = "message_failed"
    IMPORT_REPORTED = "import_reported"
    IMPORT_REFUSED = "import_refused"
    RECIPIENTS_CHECKED = "recipients_checked"
    LIST_DENIED = "list_denied"
    LIST_NOT_ASKED = "list_not_asked"
    REACTION_FAILED = "reaction_failed"
    LIST_READ = "list_read"
    RELEASE_FAILED = "release_failed"
    EVENT_NOT_TOLD = "event_not_told"
    DIGESTS_QUEUED = "digests_queued"
    DIGEST_FAILED = "digest_failed"
    BLOCKS_EXPIRED = "blocks_expired"
    BLOCK_NOT_EXPIRED = "block_not_expired"
    INCIDENT_MOVED = "incident_moved"
    CREDENTIAL_NOT_RESET = "credential_not_reset"


class Count(StrEnum):
    """The names of the metrics."""

    EVENTS_APPLIED = "DeliveryEventsApplied"
    EVENTS_SKIPPED = "DeliveryEventsSkipped"
    EVENTS_UNREADABLE = "DeliveryEventsUnreadable"
    EVENTS_FAILED = "DeliveryEventsFailed"
    UNLISTED_CODES = "UnlistedCodes"
    FAULTS_OF_THE_SENDER = "FaultsOfTheSender"
    RAW_NOT_ARCHIVED = "RawNotArchived"
    CREDENTIALS_BLOCKED = "CredentialsBlocked"
    WEBHOOKS_ACCEPTED = "WebhooksAccepted"
    WEBHOOKS_REFUSED = "WebhooksRefused"
    CHECKED = "RecipientsChecked"
    CHECKED_BLOCKED = "RecipientsBlocked"
    CHECKED_EXEMPTED = "RecipientsExempted"
    RESETS = "CredentialsReset"
    MESSAGES_QUEUED = "MessagesQueued"
    MESSAGES_DUPLICATE = "MessagesDuplicate"
    MESSAGES_REFUSED = "MessagesRefused"
    MESSAGES_SENT = "MessagesSent"
    MESSAGES_EXEMPTED = "MessagesExempted"
    MESSAGES_BLOCKED = "MessagesBlocked"
    MESSAGES_PUT_OFF = "MessagesPutOff"
    SENDING_DENIED = "SendingDenied"
    MESSAGES_REJECTED = "MessagesRejected"
    MESSAGES_UNCERTAIN = "MessagesUncertain"
    MESSAGES_HELD = "MessagesHeld"
    MESSAGES_DROPPED = "MessagesDropped"
    MESSAGES_GAVE_WAY = "MessagesGaveWay"
    MESSAGES_CANCELLED = "MessagesCancelled"
    MESSAGES_RESUMED = "MessagesResumed"
    EMERGENCIES_LOST = "EmergenciesLost"
    LEAPS_SEEN = "LeapsSeen"
    ALARMS_NOT_TOLD = "AlarmsNotTold"
    BATCHES_HELD = "BatchesHeld"
    SWEEPS_FAILED = "SweepsFailed"
    UNSUBSCRIBED = "Unsubscribed"
    MESSAGES_FAILED = "MessagesFailed"
    LISTS_DENIED = "ProviderListsDenied"
    RELEASED = "CredentialsReleased"
    RELEASES_REFUSED = "ReleasesRefused"
    RELEASES_PUT_OFF = "ReleasesPutOff"
    RELEASES_UNKNOWN = "ReleasesUnknown"
    REACTIONS_FAILED = "ReactionsFailed"
    EVENTS_TOLD = "EventsTold"
    EVENTS_NOT_TOLD = "EventsNotTold"
    BLOCKS_EXPIRED = "CredentialsExpired"
    EXPIRIES_FAILED = "ExpiriesFailed"
