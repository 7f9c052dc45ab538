"""A provider's call as it came, what proves it, and what it is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRequest:
    """One call, before anything of it is believed.

    ``url`` is the public address as it was set at the provider: base URL, path and, where there is one, ``?``
    and the raw query. ``query`` is that raw query alone. Header names are kept in lower case.
    ``source_ip`` is who called, as the gateway saw it.
    """

    method: str = "POST"
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    query: str = ""
    source_ip: str | None = None

    def __post_init__(self) -> None:
        lowered = {name.lower(): value for name, value in self.headers.items()}
        object.__setattr__(self, "headers", lowered)

    @property
    def payload(self) -> bytes:
        """What a dialect parses: the body, or the query string of a GET."""
        return self.query.encode("utf-8", "surrogateescape") if self.method == "GET" else self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What an account's webhooks are checked with.

    ``values`` are the secrets that count now, newest first, so that one can be rotated without a gap. What a
    secret holds is its provider's own: a signing key, a public key, ``username:password`` or
    ``Header-Name: value``. ``base_url`` is the public address, where it is another than the API's own.
    ``networks`` are those that the provider calls from; empty: any.
    """

    values: tuple[str, ...]
    base_url: str | None = None
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    def __post_init__(self) -> None:
        # With an empty key everybody can sign.
        object.__setattr__(self, "values", tuple(value for value in self.values if value.strip()))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider is answered."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
