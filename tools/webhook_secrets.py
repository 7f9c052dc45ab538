"""What signs the providers' webhooks on the local stack: made at random, one row a provider.

The stack keeps each as AWS would have it, in an SSM SecureString; the sender's half is in ``./dev outputs``,
so that anybody can post as the provider would.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

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


KINDS: Final[Mapping[str, Callable[[], Pair]]] = {
    "twilio": _shared,
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
