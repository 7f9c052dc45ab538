"""Email by Amazon SES: SendRawEmail of version 1, a MIME message with a text and an HTML part.

Source: docs.aws.amazon.com/ses/latest/APIReference/API_SendRawEmail; RFC 2369 and RFC 8058 for unsubscribing.
Version 1 and not 2, since the local stack's mailbox simulator answers to it alone. SES itself sets Date and
Message-ID. Each email goes to one address: a complaint names everybody who got it.
"""

import re
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, Policy
from typing import TYPE_CHECKING, Final

from reachable import settings
from reachable.model import tags
from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Permanence
from reachable.model.errors import MessageRefused
from reachable.model.message import Outgoing
from reachable.senders import Attempt, Sent, _aws
from reachable.senders._aws import ACCOUNT, CONTENT, ByCode, ByWords, Later, Theirs

if TYPE_CHECKING:
    from mypy_boto3_ses import SESClient
    from mypy_boto3_ses.type_defs import MessageTagTypeDef

MAIL_FROM: Final = settings.optional("MAIL_FROM", "")
"""The sender's address; without one no email goes out."""
MAIL_FROM_NAME: Final = settings.optional("MAIL_FROM_NAME", "")
REPLY_TO: Final = settings.optional("MAIL_REPLY_TO", "")
CONFIGURATION_SET: Final = settings.optional("SES_CONFIGURATION_SET", "")

_SUPPRESSED: Final = Theirs(Cause.PROVIDER_SUPPRESSED, Permanence.PERMANENT)

BY_WORDS: Final[ByWords] = (
    # The 24 hours of the quota are sliding: "wait for an interval of up to 10 minutes, and then retry"
    # (docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors).
    ("Throttling", "daily message quota exceeded", Later(600)),
    ("ThrottlingException", "daily message quota exceeded", Later(600)),
    # Until 2013. Today SES takes the mail and tells of a bounce ("Goodbye blacklist", on
    # aws.amazon.com/blogs/messaging-and-targeting); what stands in for SES may still refuse.
    ("MessageRejected", "address blacklisted", _SUPPRESSED),
    ("MessageRejected", "suppress", _SUPPRESSED),
    # .../dg/troubleshoot-error-messages; of the sender, in the sandbox of the recipient too.
    ("MessageRejected", "not verified", ACCOUNT),
    ("MessageRejected", "suspended", ACCOUNT),
    ("MessageRejected", "paused", ACCOUNT),
)
BY_CODE: Final[ByCode] = {
    "MessageRejected": CONTENT,
    "MailFromDomainNotVerifiedException": ACCOUNT,
    "ConfigurationSetDoesNotExist": ACCOUNT,
    "ConfigurationSetSendingPausedException": ACCOUNT,
    "AccountSendingPausedException": ACCOUNT,
    # An address or header that SES cannot read. It does not say whose: it may be our sender's, so it must not
    # close anybody's address.
    "InvalidParameterValue": CONTENT,
    "ValidationError": CONTENT,
}
_TAG: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
_URL: Final = re.compile(r"https?://[!-;=?-~]+")
"""Printable ASCII without angle brackets, which are its fence in the header."""
_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class _OneLine(UnstructuredHeader, BaseHeader):
    """A header that is never folded: a long URL would become encoded words, which nobody decodes there."""

    def fold(self, *, policy: Policy) -> str:
        """The header as it stands."""
        return f"{self.name}: {self}{policy.linesep}"


def _policy() -> "EmailPolicy[EmailMessage]":
    headers = HeaderRegistry()
    headers.map_to_type("list-unsubscribe", _OneLine)
    # 7-bit: SES does not keep 8-bit parts where it changes a mail.
    return SMTP.clone(cte_type="7bit", header_factory=headers)


_POLICY: Final = _policy()


def _client() -> "SESClient":
    ses: SESClient = _aws.client("ses")
    return ses


def prepare(outgoing: Outgoing, credential: Credential) -> Attempt:
    """Write an email, so that SES need only take it; see `senders.prepare`."""
    mail, named, ses = _written(outgoing, credential), _tags(outgoing), _client()
    optional = {"ConfigurationSetName": CONFIGURATION_SET} if CONFIGURATION_SET else {}

    def attempt() -> Sent:
        answer = _aws.attempt(
            lambda: ses.send_raw_email(
                Destinations=[credential.address], RawMessage={"Data": mail}, Tags=named, **optional
            ),
            lambda refused: refused.meaning(BY_WORDS, BY_CODE),
        )
        return Sent("ses", answer["MessageId"], segments=None)

    return attempt


def _written(outgoing: Outgoing, credential: Credential) -> bytes:
    """The email's bytes.

    Raises:
        MessageRefused: as `message`, or Python's library finds no way to write it.
    """
    try:
        return message(outgoing, credential).as_bytes()
    except MessageRefused:
        raise
    except Exception:  # noqa: BLE001 - of what it cannot write, email.message raises whatever it trips over
        # Without the library's error, whose text may hold the recipient's address.
        raise MessageRefused(Cause.CONTENT_OR_SIZE, "email.message") from None


def message(outgoing: Outgoing, credential: Credential) -> EmailMessage:
    """The email as it goes to SES.

    Raises:
        MessageRefused: no sender is set, SES takes no such address, or the URL for unsubscribing is none.
    """
    if not MAIL_FROM:
        raise MessageRefused(Cause.ACCOUNT_OR_QUOTA, "MailFrom")
    if not credential.address.isascii():  # SES does not speak SMTPUTF8
        raise MessageRefused(Cause.CONTENT_OR_SIZE, "5.6.7")  # RFC 6531: non-ASCII addresses not permitted
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = Address(MAIL_FROM_NAME, addr_spec=MAIL_FROM)
    mail["To"] = Address(addr_spec=credential.address)
    mail["Subject"] = _subject(outgoing.subject or "")
    if REPLY_TO:
        mail["Reply-To"] = Address(addr_spec=REPLY_TO)
    if outgoing.unsubscribe_url is not None:
        if not _URL.fullmatch(outgoing.unsubscribe_url):
            raise MessageRefused(Cause.CONTENT_OR_SIZE, "unsubscribe_url")
        mail["List-Unsubscribe"] = f"<{outgoing.unsubscribe_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(outgoing.text)
    if outgoing.html is not None:
        mail.add_alternative(outgoing.html, subtype="html")
    return mail


def _subject(text: str) -> str:
    """One line of text: what looks like an encoded word (RFC 2047) would be decoded, controls and all."""
    return _CONTROLS.sub(" ", text).replace("=?", "= ?").strip()


def _tags(outgoing: Outgoing) -> "list[MessageTagTypeDef]":
    """Ours, as they come back in an event.

    Raises:
        MessageRefused: an id has characters that SES takes in no tag.
    """
    named = {tags.MESSAGE_ID: outgoing.id, tags.USER_ID: outgoing.user_id}
    for name, value in named.items():
        if not _TAG.fullmatch(value):
            raise MessageRefused(Cause.CONTENT_OR_SIZE, name)
    return [{"Name": name, "Value": value} for name, value in named.items()]
