"""Which provider a message goes to."""

import subprocess
import sys
import traceback
from typing import Any, Final

import pytest

from reachable import senders
from reachable.model.delivery_event import Channel
from reachable.model.errors import MessageRefused, RecipientRefused
from reachable.model.send import DISPATCHED_BY
from reachable.senders import TextSender, aws_sms
from tests.unit.senders.messages import ADA, PHONE, outgoing, played


@pytest.mark.parametrize(
    ("channel", "texts_by", "service", "operation", "provider"),
    [
        (Channel.EMAIL, TextSender.AWS_SMS, "ses", "send_raw_email", "ses"),
        (Channel.SMS, TextSender.AWS_SMS, "pinpoint-sms-voice-v2", "send_text_message", "aws_sms"),
        (Channel.SMS, TextSender.SNS, "sns", "publish", "aws_sns_sms"),
        (Channel.VOICE, TextSender.SNS, "pinpoint-sms-voice-v2", "send_voice_message", "aws_sms"),
    ],
)
def test_channel_and_parameter_say_who_sends(
    monkeypatch: pytest.MonkeyPatch,
    channel: Channel,
    texts_by: TextSender,
    service: str,
    operation: str,
    provider: str,
) -> None:
    monkeypatch.setattr(senders, "TEXT_SENDER", texts_by)
    monkeypatch.setattr(aws_sms, "VOICE_IDENTITY", "+12025550100")
    credential = ADA if channel is Channel.EMAIL else PHONE
    with played(service) as aws:
        aws.add_response(operation, {"MessageId": "p-1"})
        sent = senders.prepare(outgoing(channel=channel), credential)()
    assert (sent.provider, sent.provider_message_id) == (provider, "p-1")
    assert provider in DISPATCHED_BY
    assert (sent.segments is None) is (channel is not Channel.SMS)


SEND_A_TEXT: Final = """
import os, sys
from datetime import UTC, datetime
from botocore.stub import Stubber
from reachable import senders
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Channel
from reachable.model.message import Outgoing
from reachable.model.send import Purpose
from reachable.senders import _aws

with Stubber(_aws.client("sns")) as stub:
    stub.add_response("publish", {"MessageId": "s-1"})
    senders.prepare(
        Outgoing(id="m", user_id="u", channel=Channel.SMS, purpose=Purpose.GENERAL,
                 queued_at=datetime.now(UTC), text="x"),
        Credential(CredentialKind.PHONE, "+12025550123"),
    )()
print([name for name in ("reachable.senders.ses", "reachable.senders.aws_sms", "email.headerregistry")
       if name in sys.modules])
"""


def test_a_text_does_not_pay_for_email(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does it need a sender's address for email."""
    monkeypatch.setenv("SMS_SENDER", "sns")
    monkeypatch.delenv("MAIL_FROM")
    done = subprocess.run([sys.executable, "-c", SEND_A_TEXT], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RecipientRefused, "OptedOut"),
        (MessageRefused, "InvalidParameter"),
    ],
)
def test_an_error_names_the_providers_code_and_nobody(
    monkeypatch: pytest.MonkeyPatch, error: Any, words: str
) -> None:
    """What AWS wrote may hold the address; it is in no text that a log could take."""
    monkeypatch.setattr(senders, "TEXT_SENDER", TextSender.SNS)
    with played("sns") as aws:
        aws.add_client_error("publish", words, "PhoneNumber Reason: +12025550123 is not valid")
        with pytest.raises(error) as failed:
            senders.prepare(outgoing(channel=Channel.SMS), PHONE)()
    logged = "".join(traceback.format_exception(failed.value))
    assert words in logged
    assert "+12025550123" not in logged
