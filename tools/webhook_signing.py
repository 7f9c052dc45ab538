"""Sign a webhook as its provider does, with the sender's half of the stack's secrets.

For the demo, the stack tests and ``./dev replay``. The sources of the schemes stand in the dialects,
``layers/reachable/providers``; where a provider's own package signs, that is used.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, cast
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from twilio.request_validator import RequestValidator

type Sender = Mapping[str, str]
"""What the sender signs with: see ``tools/webhook_secrets.py``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A provider's call: ``url`` with its query."""

    method: str = "POST"
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def sign(provider: str, call: Call, sender: Sender) -> Call:
    """The call with its proof."""
    return SIGNERS[provider](call, sender)


def _with(call: Call, **headers: str) -> Call:
    return replace(call, headers=dict(call.headers) | {n.replace("_", "-"): v for n, v in headers.items()})


def _fields(call: Call) -> dict[str, str]:
    return dict(parse_qsl(call.body.decode(), keep_blank_values=True))


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def _basic(call: Call, sender: Sender) -> Call:
    pair = f"{sender['username']}:{sender['password']}"
    return _with(call, authorization=f"Basic {_base64(pair.encode())}")


def _twilio(call: Call, sender: Sender) -> Call:
    validator = RequestValidator(sender["secret"])
    return _with(call, x_twilio_signature=validator.compute_signature(call.url, _fields(call)))


def _sendgrid(call: Call, sender: Sender) -> Call:
    key = cast("EllipticCurvePrivateKey", load_pem_private_key(sender["private_key"].encode(), None))
    seconds = str(int(time.time()))
    signature = key.sign(seconds.encode() + call.body, ECDSA(SHA256()))
    return _with(
        call,
        x_twilio_email_event_webhook_signature=_base64(signature),
        x_twilio_email_event_webhook_timestamp=seconds,
    )


def _mailgun(call: Call, sender: Sender) -> Call:
    seconds, token = str(int(time.time())), uuid4().hex + uuid4().hex[:18]
    signature = hmac.new(sender["secret"].encode(), (seconds + token).encode(), "sha256").hexdigest()
    proof = {"timestamp": seconds, "token": token, "signature": signature}
    return replace(call, body=json.dumps(json.loads(call.body) | {"signature": proof}).encode())


def _resend(call: Call, sender: Sender) -> Call:
    event, seconds = call.headers.get("svix-id", f"msg_{uuid4().hex}"), str(int(time.time()))
    key = base64.b64decode(sender["secret"].removeprefix("whsec_"))
    digest = hmac.digest(key, f"{event}.{seconds}.".encode() + call.body, "sha256")
    return _with(call, svix_id=event, svix_timestamp=seconds, svix_signature=f"v1,{_base64(digest)}")


def _mandrill(call: Call, sender: Sender) -> Call:
    signed = call.url + "".join(name + value for name, value in sorted(_fields(call).items()))
    digest = hmac.digest(sender["secret"].encode(), signed.encode(), "sha1")
    return _with(call, x_mandrill_signature=_base64(digest))


def _vonage(call: Call, sender: Sender) -> Call:
    claims = {
        "iat": int(time.time()),
        "jti": str(uuid4()),
        "iss": "Vonage",
        "payload_hash": hashlib.sha256(call.body).hexdigest(),
    }
    return _with(call, authorization=f"Bearer {jwt.encode(claims, sender['secret'], 'HS256')}")


def _telnyx(call: Call, sender: Sender) -> Call:
    key = cast("Ed25519PrivateKey", load_pem_private_key(sender["private_key"].encode(), None))
    seconds = str(int(time.time()))
    return _with(
        call,
        telnyx_timestamp=seconds,
        telnyx_signature_ed25519=_base64(key.sign(f"{seconds}|".encode() + call.body)),
    )


def _plivo(call: Call, sender: Sender) -> Call:
    parts, nonce = urlsplit(call.url), uuid4().hex
    query, fields = sorted(parse_qsl(parts.query, keep_blank_values=True)), sorted(_fields(call).items())
    signed = f"{parts.scheme}://{parts.netloc}{parts.path}"
    if query or fields:
        signed += "?" + "&".join(f"{name}={value}" for name, value in query)
    if query and fields:
        signed += "."
    signed += "".join(name + value for name, value in fields)
    digest = hmac.digest(sender["secret"].encode(), f"{signed}.{nonce}".encode(), "sha256")
    return _with(call, x_plivo_signature_v3=_base64(digest), x_plivo_signature_v3_nonce=nonce)


def _sinch(call: Call, sender: Sender) -> Call:
    nonce, seconds = uuid4().hex, str(int(time.time()))
    digest = hmac.digest(sender["secret"].encode(), call.body + f".{nonce}.{seconds}".encode(), "sha256")
    return _with(
        call,
        x_sinch_webhook_signature=_base64(digest),
        x_sinch_webhook_signature_nonce=nonce,
        x_sinch_webhook_signature_timestamp=seconds,
        x_sinch_webhook_signature_algorithm="HmacSHA256",
    )


def _messagebird(call: Call, sender: Sender) -> Call:
    now = int(time.time())
    claims = {
        "iss": "MessageBird",
        "nbf": now,
        "exp": now + 60,
        "jti": str(uuid4()),
        "url_hash": hashlib.sha256(call.url.encode()).hexdigest(),
    }
    if call.body:
        claims["payload_hash"] = hashlib.sha256(call.body).hexdigest()
    return _with(call, messagebird_signature_jwt=jwt.encode(claims, sender["secret"], "HS256"))


SIGNERS: Final[Mapping[str, Callable[[Call, Sender], Call]]] = {
    "bandwidth": _basic,
    "brevo": _basic,
    "mailgun": _mailgun,
    "mailjet": _basic,
    "mandrill": _mandrill,
    "messagebird": _messagebird,
    "plivo": _plivo,
    "postmark": _basic,
    "resend": _resend,
    "sendgrid": _sendgrid,
    "sinch": _sinch,
    "sparkpost": _basic,
    "telnyx": _telnyx,
    "twilio": _twilio,
    "vonage": _vonage,
}
