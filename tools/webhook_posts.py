"""Post to the stack's webhooks as the providers do, signed with what ``./dev outputs`` tells of each."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from tools.stack import Answer, Stack

_FORM: Final = "application/x-www-form-urlencoded"


def twilio(stack: Stack, fields: Mapping[str, str], *, query: str = "", secret: str | None = None) -> Answer:
    """A callback of Twilio's: HMAC-SHA1 over the public address and the sorted fields.

    Source: twilio.com/docs/usage/security, by Twilio's own package.
    """
    known = stack.webhooks["twilio"]
    url = f"{known['url']}?{query}" if query else known["url"]
    signature = RequestValidator(secret or known["secret"]).compute_signature(url, dict(fields))
    return stack.call(
        "POST",
        url,
        urlencode(fields).encode(),
        {"content-type": _FORM, "x-twilio-signature": signature},
    )
