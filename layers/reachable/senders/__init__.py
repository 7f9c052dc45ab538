"""Send one message to one credential by the provider of its channel: one attempt, never two.

Email goes by Amazon SES, a voice message by AWS End User Messaging, a text by what ``SMS_SENDER`` says
(`TextSender`). A provider's file is imported on first use and its client made once a process, so that a text
does not pay for SES. Who calls has asked the gate before, and claims the message (``sending``) between
`prepare`, which does all that may fail, and the attempt that it gives.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never

from reachable import settings
from reachable.model.credential import Credential
from reachable.model.delivery_event import Channel
from reachable.model.message import Outgoing


class TextSender(StrEnum):
    """By which service texts go."""

    AWS_SMS = "aws_sms"
    SNS = "sns"


TEXT_SENDER: Final = settings.typed("SMS_SENDER", TextSender)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a provider said when it took a message.

    ``provider`` is the id of the dialect that will tell of it, ``provider_message_id`` the id by which; the
    segments are of a text, as we count them.
    """

    provider: str
    provider_message_id: str
    segments: int | None


type Attempt = Callable[[], Sent]
"""Gives a prepared message to its provider, once.

Raises:
    PutOff: it was not taken, and can be sent later.
    RecipientRefused: it was not taken because of the credential; that says what an event would say.
    MessageRefused: it was not taken because of the message, the sender or the account.
    SendUncertain: nobody knows whether it was taken.
"""

_TEXT_PROVIDERS: Final = {TextSender.AWS_SMS: "aws_sms", TextSender.SNS: "aws_sns_sms"}


def provider_of(channel: Channel) -> str:
    """The id of the dialect that tells what became of a channel's messages."""
    match channel:
        case Channel.EMAIL:
            return "ses"
        case Channel.SMS:
            return _TEXT_PROVIDERS[TEXT_SENDER]
        case Channel.VOICE:
            return "aws_sms"


def prepare(outgoing: Outgoing, credential: Credential) -> Attempt:
    """All that may fail before a message is given to the provider of its channel; then the attempt.

    Raises:
        MessageRefused: it cannot be sent as it is, or there is no sender for it.
    """
    match outgoing.channel:
        case Channel.EMAIL:
            from reachable.senders import ses

            return ses.prepare(outgoing, credential)
        case Channel.SMS:
            return _prepare_text(outgoing, credential)
        case Channel.VOICE:
            from reachable.senders import aws_sms

            return aws_sms.prepare_voice(outgoing, credential)
        case _:
            assert_never(outgoing.channel)


def _prepare_text(outgoing: Outgoing, credential: Credential) -> Attempt:
    match TEXT_SENDER:
        case TextSender.AWS_SMS:
            from reachable.senders import aws_sms

            return aws_sms.prepare_text(outgoing, credential)
        case TextSender.SNS:
            from reachable.senders import sns_sms

            return sns_sms.prepare(outgoing, credential)
        case _:
            assert_never(TEXT_SENDER)
