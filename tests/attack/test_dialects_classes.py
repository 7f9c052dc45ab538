"""The server's words come before the provider's class (design section 5, `_replies`), in every dialect."""

from typing import Any

import pytest

from tests.attack.dialects import (
    closes,
    mailjet,
    mandrill,
    one,
    postmark,
    resend,
    sendgrid,
    ses,
    sparkpost,
)

SPF = "550 5.7.1 Message rejected: SPF check of the sender failed"
BARE_SPF = "550 Message rejected: SPF check of the sender failed"
UNKNOWN = "550 5.1.1 No such user here"
BARE_UNKNOWN = "550 No such user here"

RESEND_HARD = (
    "The recipient's email provider sent a hard bounce message, but didn't specify the reason for the hard "
    "bounce. We recommend removing the recipient's email address from your mailing list. Sending messages "
    "to email addresses that produce hard bounces can have a negative impact on your reputation as a sender."
)


def test_resend_prose_of_a_hard_bounce_is_no_servers_answer() -> None:
    event = one("resend", resend("Permanent", "General", RESEND_HARD))
    assert closes(event)
    assert event.permanence == "permanent"


@pytest.mark.parametrize(
    ("subtype", "kind", "cause"),
    [
        ("EmailValidationSuppressed", "bounced", "provider_suppressed"),
        ("UnsubscribedRecipient", "opted_out", "opt_out"),
    ],
)
def test_resend_has_the_subtypes_of_ses_through_which_it_sends(subtype: str, kind: str, cause: str) -> None:
    event = one("resend", resend("Permanent", subtype, "Not sent."))
    assert (event.kind, event.cause) == (kind, cause)


@pytest.mark.parametrize("classification", ["Unclassified", "Technical Failure", "Technical"])
@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("5.7.1", SPF),
        ("5.7.26", "550 5.7.26 This mail has been blocked because the sender is unauthenticated."),
        ("5.7.1", "550 5.7.1 Service unavailable, client host blocked using Spamhaus"),
        ("5.7.9", "554 5.7.9 Message not accepted for policy reasons"),
    ],
)
def test_sendgrid_blocked_by_sender_or_policy_closes_nobody(
    classification: str, status: str, reason: str
) -> None:
    assert not closes(one("sendgrid", sendgrid("blocked", classification, reason, status)))


@pytest.mark.parametrize(
    ("provider", "body"),
    [
        pytest.param(
            "sendgrid", sendgrid("", "Invalid Address", "451 4.7.1 DMARC policy", "4.7.1"), id="sendgrid"
        ),
        pytest.param("sparkpost", sparkpost("10", BARE_SPF), id="sparkpost-10"),
        pytest.param("sparkpost", sparkpost("30", BARE_SPF), id="sparkpost-30"),
        pytest.param("sparkpost", sparkpost("22", SPF), id="sparkpost-22"),
        pytest.param("sparkpost", sparkpost("54", "554 5.7.1 Relay access denied"), id="sparkpost-54"),
        pytest.param("mailjet", mailjet(True, "user unknown", BARE_SPF), id="mailjet-user-unknown"),
        pytest.param(
            "mailjet",
            mailjet(True, "mailbox inactive", "554 client host blocked using Spamhaus"),
            id="mailjet-inactive",
        ),
        pytest.param("mandrill", mandrill("soft_bounce", "mailbox_full", SPF), id="mandrill-full"),
        pytest.param("mandrill", mandrill("soft_bounce", "invalid_domain", SPF), id="mandrill-domain"),
        pytest.param("postmark", postmark("BadEmailAddress", SPF), id="postmark-bad-address"),
        pytest.param("postmark", postmark("DnsError", SPF), id="postmark-dns"),
        pytest.param("ses", ses("Permanent", "NoEmail", "5.7.1", f"smtp; {SPF}"), id="ses-noemail"),
    ],
)
def test_a_server_that_blames_the_sender_closes_nobody_whatever_the_class(provider: str, body: Any) -> None:
    assert not closes(one(provider, body))


@pytest.mark.parametrize(
    ("provider", "body"),
    [
        pytest.param(
            "sendgrid", sendgrid("blocked", "Reputation", UNKNOWN, "5.1.1"), id="sendgrid-reputation"
        ),
        pytest.param("sendgrid", sendgrid("blocked", "Content", UNKNOWN, "5.1.1"), id="sendgrid-content"),
        pytest.param("sendgrid", sendgrid("blocked", "Frequency", UNKNOWN, "5.1.1"), id="sendgrid-frequency"),
        pytest.param("sparkpost", sparkpost("50", UNKNOWN), id="sparkpost-50"),
        pytest.param("sparkpost", sparkpost("51", BARE_UNKNOWN), id="sparkpost-51"),
        pytest.param("sparkpost", sparkpost("52", UNKNOWN), id="sparkpost-52"),
        pytest.param("sparkpost", sparkpost("23", UNKNOWN), id="sparkpost-23"),
        pytest.param("mailjet", mailjet(True, "policy issue", UNKNOWN), id="mailjet-policy"),
        pytest.param("mailjet", mailjet(True, "relay/access denied", BARE_UNKNOWN), id="mailjet-relay"),
        pytest.param("mailjet", mailjet(True, "connection issue", UNKNOWN), id="mailjet-connection"),
        pytest.param("mailjet", mailjet(False, "sender blocked", UNKNOWN), id="mailjet-sender"),
        pytest.param("mandrill", mandrill("soft_bounce", "spam", UNKNOWN), id="mandrill-spam"),
        pytest.param("mandrill", mandrill("soft_bounce", "relay_denied", UNKNOWN), id="mandrill-relay"),
        pytest.param("postmark", postmark("Blocked", f"smtp;{UNKNOWN}"), id="postmark-blocked"),
        pytest.param("postmark", postmark("SpamNotification", f"smtp;{UNKNOWN}"), id="postmark-spam"),
        pytest.param(
            "ses", ses("Transient", "ContentRejected", "5.1.1", f"smtp; {UNKNOWN}"), id="ses-content"
        ),
    ],
)
def test_a_server_that_knows_no_such_user_closes_whatever_the_class(provider: str, body: Any) -> None:
    assert closes(one(provider, body))
