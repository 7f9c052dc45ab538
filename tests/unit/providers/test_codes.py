"""What mail servers' codes mean, alone and against a provider's own class."""

import pytest

from reachable.model.delivery_event import Cause, Kind, Permanence
from reachable.providers import _codes

PERMANENT, TRANSIENT, UNDETERMINED = Permanence.PERMANENT, Permanence.TRANSIENT, Permanence.UNDETERMINED


@pytest.mark.parametrize(
    ("texts", "status"),
    [
        (("5.1.1",), "5.1.1"),
        (("5.0.0", "smtp; 550 5.1.1 unknown"), "5.1.1"),
        (("5.0.0", "smtp; 550 no"), "5.0.0"),
        ((None, "550-5.7.1 [192.0.2.1] refused. 5.7.1"), "5.7.1"),
        ((None, "refused 192.5.1.1 and 5.1.1.9"), None),
        ((None, "4.4.7."), "4.4.7"),
        ((None, None), None),
    ],
)
def test_the_most_exact_enhanced_code_is_found(texts: tuple[str | None, ...], status: str | None) -> None:
    assert _codes.enhanced_status(*texts) == status


@pytest.mark.parametrize(
    ("said", "status", "diagnostic", "classification"),
    [
        # the code says what it was about
        (PERMANENT, "5.1.1", None, (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        (PERMANENT, "5.1.10", None, (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        (PERMANENT, "5.2.1", None, (Kind.BOUNCED, PERMANENT, Cause.INACTIVE_OR_UNREACHABLE)),
        (PERMANENT, "5.4.4", None, (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        (PERMANENT, "5.7.13", None, (Kind.BOUNCED, PERMANENT, Cause.INACTIVE_OR_UNREACHABLE)),
        (PERMANENT, "5.5.2", None, (Kind.BOUNCED, PERMANENT, Cause.UNKNOWN)),
        (
            PERMANENT,
            "5.5.0",
            "550 5.5.0 Mailbox unavailable",
            (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS),
        ),
        # a "hard" about something else than the address is not believed
        (PERMANENT, "5.2.2", None, (Kind.BOUNCED, UNDETERMINED, Cause.MAILBOX_FULL)),
        (PERMANENT, "5.3.4", None, (Kind.BOUNCED, UNDETERMINED, Cause.CONTENT_OR_SIZE)),
        (PERMANENT, "5.6.7", None, (Kind.BOUNCED, UNDETERMINED, Cause.CONTENT_OR_SIZE)),
        (PERMANENT, "5.7.1", None, (Kind.BOUNCED, UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)),
        (PERMANENT, "5.7.100", None, (Kind.BOUNCED, UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)),
        (PERMANENT, "5.7.8", None, (Kind.BOUNCED, UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)),
        (PERMANENT, "5.1.8", None, (Kind.REJECTED, UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)),
        (PERMANENT, "5.7.26", None, (Kind.REJECTED, UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)),
        # a "soft" always stands
        (TRANSIENT, "5.1.1", None, (Kind.BOUNCED, TRANSIENT, Cause.INVALID_ADDRESS)),
        (TRANSIENT, "4.7.28", None, (Kind.BOUNCED, TRANSIENT, Cause.ACCOUNT_OR_QUOTA)),
        # what says nothing gives no cause
        (PERMANENT, None, None, (Kind.BOUNCED, PERMANENT, Cause.UNKNOWN)),
        (PERMANENT, "5.0.0", None, (Kind.BOUNCED, PERMANENT, Cause.UNKNOWN)),
        (PERMANENT, "5.0.0", "smtp; 550 sorry", (Kind.BOUNCED, PERMANENT, Cause.UNKNOWN)),
        (UNDETERMINED, None, "something happened", (Kind.BOUNCED, UNDETERMINED, Cause.UNKNOWN)),
        (PERMANENT, None, "599 what", (Kind.BOUNCED, PERMANENT, Cause.UNKNOWN)),
        (PERMANENT, "5.9.9", None, (Kind.BOUNCED, PERMANENT, Cause.UNKNOWN)),
        # bare replies, by their words
        (PERMANENT, None, "550 No such user here", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        (PERMANENT, "5.0.0", "smtp;550 blocked", (Kind.BOUNCED, UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)),
        (PERMANENT, None, "552 message size exceeds", (Kind.BOUNCED, UNDETERMINED, Cause.CONTENT_OR_SIZE)),
        (PERMANENT, None, "552 over", (Kind.BOUNCED, UNDETERMINED, Cause.MAILBOX_FULL)),
        (PERMANENT, None, "554 delivery error", (Kind.BOUNCED, PERMANENT, Cause.UNKNOWN)),
        (PERMANENT, None, "554 user unknown", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        (PERMANENT, None, "556", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        (PERMANENT, None, "535 auth", (Kind.BOUNCED, UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)),
        (TRANSIENT, None, "452 insufficient storage", (Kind.BOUNCED, TRANSIENT, Cause.MAILBOX_FULL)),
        (TRANSIENT, None, "452 later", (Kind.BOUNCED, TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)),
        (TRANSIENT, None, "421 later", (Kind.BOUNCED, TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)),
    ],
)
def test_a_bounces_classification(
    said: Permanence,
    status: str | None,
    diagnostic: str | None,
    classification: tuple[Kind, Permanence, Cause],
) -> None:
    found = _codes.bounce(said, status, diagnostic)
    assert (found.kind, found.permanence, found.cause) == classification
