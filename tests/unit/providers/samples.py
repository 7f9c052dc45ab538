"""The samples of tests/samples, as requests with what must come of them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import reachable.providers
from reachable import providers
from reachable.model.delivery_event import DeliveryEvent
from reachable.model.errors import BadSignature
from reachable.providers import Secrets, WebhookRequest

SAMPLES: Final = Path(__file__).parents[2] / "samples"
NOW: Final = datetime(2026, 9, 14, 8, 30, 10, tzinfo=UTC)
"""The clock of the samples' replay windows."""

PROVIDERS: Final = sorted(
    module.name for module in iter_modules(reachable.providers.__path__) if not module.name.startswith("_")
)
_KEYS: Final = json.loads((SAMPLES / "keys.json").read_text())
_KEY_NAMES: Final = (
    "verification_key",
    "webhook_signing_key",
    "signing_secret",
    "webhook_key",
    "auth_token",
    "signature_secret",
    "public_key",
    "secret",
    "signing_key",
)


@dataclass(frozen=True)
class Sample:
    """One recorded call; ``str()`` names it in a test's id."""

    provider: str
    name: str
    payload: bytes
    headers: Mapping[str, str]
    url: str
    method: str
    expected: list[dict[str, Any]]

    def __str__(self) -> str:
        return f"{self.provider}/{self.name}"

    @property
    def signed(self) -> bool:
        """Whether it was recorded with its proof: it has all headers that the provider's others have."""
        return all(set(one.headers) <= set(self.headers) for one in samples(self.provider))

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @property
    def request(self) -> WebhookRequest:
        """The call as the webhooks function sees it."""
        return WebhookRequest(
            method=self.method,
            url=self.url,
            headers=self.headers,
            body=b"" if self.method == "GET" else self.payload,
            query=urlsplit(self.url).query,
            source_ip="192.0.2.1",
        )


def key(provider: str) -> str:
    """The secret that the provider's samples are signed with, in the form in which it is kept in SSM."""
    basic = _KEYS["basic"]
    if provider in basic["used_by"]:
        return f"{basic['username']}:{basic['password']}"
    return next(str(_KEYS[provider][name]) for name in _KEY_NAMES if name in _KEYS[provider])


def sample(provider: str, name: str, room: Path = SAMPLES) -> Sample:
    """The sample of that name."""
    folder = room / provider
    body = next(path for path in (folder / f"{name}.json", folder / f"{name}.txt") if path.exists())
    headers_file = folder / f"{name}.headers.json"
    headers = json.loads(headers_file.read_text()) if headers_file.exists() else {}
    return Sample(
        provider=provider,
        name=name,
        payload=body.read_bytes(),
        url=headers.pop("x-sample-url", _signed_url(provider)),
        method=headers.pop("x-sample-method", "POST"),
        headers=headers,
        expected=json.loads((folder / f"{name}.expected.json").read_text()),
    )


def believed(
    provider: str, request: WebhookRequest, *secrets: str, default: str = "", now: datetime = NOW
) -> bool:
    """Whether a call proves who makes it; without secrets, by the ``default`` one."""
    try:
        providers.verify(provider, request, Secrets(values=secrets or (default,)), now)
    except BadSignature:
        return False
    return True


def flipped(text: str, place: int) -> str:
    """The text with one bit of one character changed."""
    return text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]


def _signed_url(provider: str) -> str:
    """The address that a provider's samples were posted to where their headers name none."""
    told = _KEYS.get(provider, {}).get("webhook_url")
    return str(told) if told else f"https://hooks.example.com/webhooks/{provider}"


def samples(provider: str, room: Path = SAMPLES) -> Iterator[Sample]:
    """All samples of a provider."""
    for path in sorted((room / provider).glob("*.expected.json")):
        yield sample(provider, path.name.removesuffix(".expected.json"), room)


FIELD: Final = [one for provider in PROVIDERS for one in samples(provider, SAMPLES / "field")]
"""Shapes and answers as others met them; what they must give, in the keys that are shown."""
ALL: Final = [one for provider in PROVIDERS for one in samples(provider)]


def told(event: DeliveryEvent) -> dict[str, Any]:
    """An event as ``.expected.json`` writes it."""
    return {
        "provider": event.provider,
        "channel": event.channel.value,
        "kind": event.kind.value,
        "permanence": event.permanence and event.permanence.value,
        "cause": event.cause and event.cause.value,
        "address": event.address,
        "provider_message_id": event.provider_message_id,
        "occurred_at": event.occurred_at,
        "sent_at": event.sent_at,
    }


def expected(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What ``.expected.json`` says, its times as times."""
    return [
        event
        | {name: event[name] and datetime.fromisoformat(event[name]) for name in ("occurred_at", "sent_at")}
        for event in events
    ]
