"""What mail servers' codes mean, alone and against a provider's own class."""

import pytest

from reachable.model.delivery_event import Cause, Kind, Permanence
from reachable.providers import _codes

PERMANENT, TRANSIENT, UNDETERMINED = Permanence.PERMANENT, Permanence.TRANSIENT, Permanence.UNDETERMINED

GONE = (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)
INACTIVE = (Kind.BOUNCED, PERMANENT, Cause.INACTIVE_OR_UNREACHABLE)
DOWN = (Kind.BOUNCED, UNDETERMINED, Cause.INACTIVE_OR_UNREACHABLE)
ACCESS = (Kind.BOUNCED, UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)
OURS = (Kind.REJECTED, UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)
UNTOLD = (Kind.BOUNCED, PERMANENT, Cause.UNKNOWN)


@pytest.mark.parametrize(
    ("texts", "status"),
    [
        (("5.1.1",), "5.1.1"),
        (("5.0.0", "smtp; 550 5.1.1 unknown"), "5.1.1"),
        (("5.0.0", "smtp; 550 no"), "5.0.0"),
        (("4.0.0", "550 5.0.0 no"), "4.0.0"),
        (("5.1.0", "550 5.2.1 no"), "5.1.0"),
        ((None, "550-5.7.1 [192.0.2.1] refused. 5.7.1"), "5.7.1"),
        ((None, "refused 192.5.1.1 and 5.1.1.9"), None),
        ((None, "4.4.7."), "4.4.7"),
        ((None, None), None),
    ],
)
def test_the_most_exact_enhanced_code_is_found(texts: tuple[str | None, ...], status: str | None) -> None:
    assert _codes.enhanced_status(*texts) == status


@pytest.mark.parametrize(
    ("status", "diagnostic", "verdict"),
    [
        # a receiver's own code, words about the sender, words about the mailbox: each before what follows
        ("5.1.1", "OFR_417, DMARC", (Kind.BOUNCED, UNDETERMINED, Cause.MAILBOX_FULL)),
        ("5.2.121", "DMARC", (Kind.BOUNCED, UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)),
        ("5.1.1", "DMARC, user unknown", (Kind.REJECTED, UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)),
        ("5.7.1", "550 user unknown", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        ("5.1.1", "552 mailbox full", (Kind.BOUNCED, UNDETERMINED, Cause.MAILBOX_FULL)),
        (None, "552 mailbox not found", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        # where the words leave it open, the code corrects them
        ("5.2.1", "mailbox unavailable", (Kind.BOUNCED, PERMANENT, Cause.INACTIVE_OR_UNREACHABLE)),
        ("5.1.0", "mailbox unavailable", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        ("5.4.7", "mailbox unavailable", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        ("5.2.1", "user unknown", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        ("5.1.7", "invalid address", (Kind.REJECTED, UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)),
        ("5.1.8", "mailbox full", (Kind.BOUNCED, UNDETERMINED, Cause.MAILBOX_FULL)),
        ("5.6.1", "against our policy", (Kind.BOUNCED, UNDETERMINED, Cause.CONTENT_OR_SIZE)),
        ("5.6.1", "user unknown", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        ("5.7.1", "against our policy", (Kind.BOUNCED, UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)),
        # words that only refuse, between the exact codes and the coarse ones
        ("5.1.1", "550 denied", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        ("5.2.0", "550 denied", (Kind.BOUNCED, UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)),
        ("5.2.0", "550 no", (Kind.BOUNCED, PERMANENT, Cause.INACTIVE_OR_UNREACHABLE)),
        ("5.5.2", "552 denied", (Kind.BOUNCED, UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)),
        (None, "552 denied", (Kind.BOUNCED, UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)),
        # the code before the reply code
        ("5.1.1", "552 no", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        ("5.0.0", "552 no", (Kind.BOUNCED, UNDETERMINED, Cause.MAILBOX_FULL)),
    ],
)
def test_words_and_codes_decide_in_their_order(
    status: str | None, diagnostic: str, verdict: tuple[Kind, Permanence, Cause]
) -> None:
    found = _codes.bounce(PERMANENT, status, diagnostic)
    assert (found.kind, found.permanence, found.cause) == verdict


@pytest.mark.parametrize(
    ("said", "status", "diagnostic", "classification"),
    [
        # the code says what it was about
        (PERMANENT, "5.1.1", None, (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        (PERMANENT, "5.1.10", None, (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        (PERMANENT, "5.2.1", None, (Kind.BOUNCED, PERMANENT, Cause.INACTIVE_OR_UNREACHABLE)),
        *((PERMANENT, f"5.1.{detail}", None, GONE) for detail in (0, 2, 3, 4)),
        *((PERMANENT, f"5.{detail}", None, INACTIVE) for detail in ("1.6", "2.0", "7.17", "7.18")),
        *((PERMANENT, f"5.{detail}", "552", UNTOLD) for detail in ("1.9", "2.4", "3.3")),
        *((PERMANENT, f"5.3.{detail}", None, DOWN) for detail in (1, 2, 5)),
        *((PERMANENT, f"5.4.{detail}", None, DOWN) for detail in range(8) if detail != 4),
        *((PERMANENT, f"5.7.{detail}", None, ACCESS) for detail in range(3, 10)),
        *((PERMANENT, f"5.7.{detail}", None, OURS) for detail in range(20, 33)),
        (PERMANENT, "5.1.7", None, OURS),
        (PERMANENT, "5.2.3", None, (Kind.BOUNCED, UNDETERMINED, Cause.CONTENT_OR_SIZE)),
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
        (PERMANENT, "5.3.0", None, (Kind.BOUNCED, UNDETERMINED, Cause.INACTIVE_OR_UNREACHABLE)),
        (PERMANENT, "5.4.1", None, (Kind.BOUNCED, UNDETERMINED, Cause.INACTIVE_OR_UNREACHABLE)),
        (PERMANENT, "5.4.318", None, (Kind.BOUNCED, UNDETERMINED, Cause.INACTIVE_OR_UNREACHABLE)),
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
        *((PERMANENT, None, f"{reply} no", ACCESS) for reply in range(530, 539)),
        (PERMANENT, None, "529 no", UNTOLD),
        (PERMANENT, None, "539 no", UNTOLD),
        (PERMANENT, None, "535 auth", (Kind.BOUNCED, UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)),
        (TRANSIENT, None, "452 insufficient storage", (Kind.BOUNCED, TRANSIENT, Cause.MAILBOX_FULL)),
        (TRANSIENT, None, "452 later", (Kind.BOUNCED, TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)),
        (TRANSIENT, None, "421 later", (Kind.BOUNCED, TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)),
        (TRANSIENT, None, "450 later", (Kind.BOUNCED, TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)),
        (TRANSIENT, None, "451 later", (Kind.BOUNCED, TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)),
        (PERMANENT, None, "521 no", (Kind.BOUNCED, UNDETERMINED, Cause.INACTIVE_OR_UNREACHABLE)),
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


# The cause; whether they overrule "hard", or are about us.
ENHANCED = [
    ("invalid_address", "1.0 1.1 1.2 1.3 1.4 1.10"),
    ("inactive_or_unreachable", "1.6 2.0 2.1 7.13 7.17 7.18"),
    ("account_or_quota overrules ours", "1.7 1.8 7.20 7.21 7.22 7.23 7.24 7.25 7.26 7.27"),
    ("account_or_quota overrules ours", "7.28 7.29 7.30 7.31 7.32"),
    ("unknown", "1.9 2.4 3.3 5.*"),
    ("mailbox_full overrules", "2.2"),
    ("content_or_size overrules", "2.3 3.4 6.*"),
    ("inactive_or_unreachable overrules", "3.0 3.1 3.2 3.5 4.*"),
    ("invalid_address", "4.4"),
    ("carrier_blocked_or_spam overrules", "7.*"),
    ("account_or_quota overrules", "7.3 7.4 7.5 7.6 7.7 7.8 7.9 7.509 7.515"),
]


def test_every_enhanced_code_is_about_what_the_registry_says() -> None:
    written = {key: said for said, keys in ENHANCED for key in keys.split()}
    held = {}
    for key, told in _codes.ENHANCED.items():
        flags = (word for word in ("overrules", "ours") if getattr(told, word))
        held[key] = " ".join((told.cause, *flags))
    assert held == written
