"""What signs the providers' webhooks on the local stack: made at random, one row a provider.

The stack keeps each as AWS would have it, in an SSM SecureString; the sender's half is in ``./dev outputs``,
so that anybody can post as the provider would.
"""

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tools.place import NAME, State

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


@dataclass(frozen=True, slots=True)
class Pair:
    """``stored`` checks a signature; ``sender`` is what makes one, as ``./dev outputs`` names it."""

    stored: str
    sender: Mapping[str, str]


def _shared() -> Pair:
    """One secret that both sides know (HMAC)."""
    secret = secrets.token_hex(16)
    return Pair(secret, {"secret": secret})


def _basic() -> Pair:
    """A name and a password (RFC 7617), set in the webhook's address."""
    password = secrets.token_hex(16)
    return Pair(f"reachable:{password}", {"username": "reachable", "password": password})


def _svix() -> Pair:
    """A shared secret in Svix's form."""
    secret = f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}"
    return Pair(secret, {"secret": secret})


def _ecdsa() -> Pair:
    """A P-256 key pair; the stack keeps the public half as SendGrid's console shows it: DER in base64."""
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Pair(base64.b64encode(public).decode(), {"private_key": _pem(key)})


def _ed25519() -> Pair:
    """An Ed25519 key pair; the stack keeps the public half as Telnyx's portal shows it: raw, in base64."""
    key = ed25519.Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return Pair(base64.b64encode(public).decode(), {"private_key": _pem(key)})


def _pem(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


KINDS: Final[Mapping[str, Callable[[], Pair]]] = {
    "bandwidth": _basic,
    "brevo": _basic,
    "mailgun": _shared,
    "mailjet": _basic,
    "mandrill": _shared,
    "messagebird": _shared,
    "plivo": _shared,
    "postmark": _basic,
    "resend": _svix,
    "sendgrid": _ecdsa,
    "sinch": _shared,
    "sparkpost": _basic,
    "telnyx": _ed25519,
    "twilio": _shared,
    "vonage": _shared,
}
"""What each provider signs with."""


def put(state: State, ssm: "SSMClient", api_url: str) -> None:
    """Put each provider's secret where the webhooks function looks: the one of before, if any."""
    for provider, make in KINDS.items():
        if provider not in state.webhook_secrets:
            pair = make()
            state.webhook_secrets[provider] = {"stored": pair.stored, **pair.sender}
            state.save()
        ssm.put_parameter(
            Name=f"/reachable/{NAME}/webhooks/{provider}/default",
            Type="SecureString",
            Value=json.dumps({"secrets": [state.webhook_secrets[provider]["stored"]], "base_url": api_url}),
            Overwrite=True,
        )


def senders(state: State, api_url: str) -> dict[str, dict[str, str]]:
    """By provider: the address that it calls and what it signs with."""
    return {
        provider: {"url": f"{api_url}/webhooks/{provider}"}
        | {name: value for name, value in known.items() if name != "stored"}
        for provider, known in state.webhook_secrets.items()
    }
