"""The providers' dialects: what each says, in our words, and how it proves that it says so.

One file a provider, named by its id; there is no registry. A dialect has

- ``parse(body, headers, query) -> Iterable[Finding]``: an event, None for what we leave out, or an
  `Unreadable`, which it may also raise; ``headers`` in lower case;
- ``verify(request, secrets, now) -> None``, if it calls webhooks: raises BadSignature and nothing else;
- ``METHODS``, if it calls by others than POST; ``answer(request) -> Answer``, if it expects more than a 200;
- ``one_use(request) -> Iterable[(token, said)]``, if its signature covers a token and not the body.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from reachable.model.delivery_event import Cause, DeliveryEvent
from reachable.model.errors import BadSignature, UnknownProvider
from reachable.providers import _signatures
from reachable.providers._reading import Finding, Reading, gather
from reachable.providers._webhook import Answer, Secrets, WebhookRequest

__all__ = [
    "Answer",
    "Reading",
    "Secrets",
    "WebhookRequest",
    "answer",
    "cause_of",
    "one_use",
    "parse",
    "probe",
    "read",
    "takes_webhooks",
    "verify",
]

if TYPE_CHECKING:

    class _Dialect(Protocol):
        """What a provider's file holds."""

        METHODS: frozenset[str]

        def parse(
            self, body: bytes, headers: Mapping[str, str], query: Mapping[str, str]
        ) -> Iterable[Finding]: ...
        def verify(self, request: WebhookRequest, secrets: Secrets, now: datetime) -> None: ...
        def answer(self, request: WebhookRequest) -> Answer: ...
        def one_use(self, request: WebhookRequest) -> Iterable[tuple[str, str]]: ...


_POST_ONLY = frozenset({"POST"})


def parse(
    provider: str, body: bytes, headers: Mapping[str, str], query: Mapping[str, str] | None = None
) -> list[DeliveryEvent]:
    """All events in a provider's body, in their order; for a GET the query string is the body.

    Raises:
        ParseError: something in it cannot be read; the error carries the events that could be.
        UnknownProvider: there is no such dialect.
    """
    reading = read(provider, body, headers, query)
    if reading.error is not None:
        raise reading.error
    return list(reading.events)


def read(
    provider: str, body: bytes, headers: Mapping[str, str], query: Mapping[str, str] | None = None
) -> Reading:
    """As `parse`, with the number of entries that gave no event, and the error told instead of raised.

    Raises:
        UnknownProvider: there is no such dialect.
    """
    dialect = _dialect(provider)
    lower = all(map(str.islower, headers))
    lowered = headers if lower else {name.lower(): value for name, value in headers.items()}
    return gather(provider, partial(dialect.parse, body, lowered, query or {}))


def cause_of(words: str | None) -> Cause | None:
    """What a mail server's words mean, whoever passes them on; None where they tell nothing."""
    from reachable.providers import (
        _codes,
    )  # its tables cost a cold start, and most who read events need them not

    told = _codes.meaning(_codes.enhanced_status(words), words) if words else None
    return told.cause if told else None


def takes_webhooks(provider: str) -> bool:
    """Whether this provider calls webhooks; others come by queues that IAM guards, or do not exist."""
    try:
        return hasattr(_dialect(provider), "verify")
    except UnknownProvider:
        return False


def verify(provider: str, request: WebhookRequest, secrets: Secrets, now: datetime) -> None:
    """Whether the provider itself makes this call.

    Raises:
        BadSignature: it does not prove so, or has no secret to prove it with.
        UnknownProvider: there is no such dialect, or it calls no webhooks.
    """
    if not takes_webhooks(provider):
        raise UnknownProvider("This provider calls no webhooks.")
    if not secrets.values:
        raise BadSignature("There is no secret.")
    _signatures.networks(request, secrets)
    _dialect(provider).verify(request, secrets, now)


def one_use(provider: str, request: WebhookRequest) -> tuple[tuple[str, str], ...]:
    """What a call's signatures cover where that is not its body: each token, and what the body says.

    A token serves what it was first seen with and nothing else: the provider's own repeat says the same. What
    is said is a digest. Empty where signatures cover the body, or there are none. Ask it of a call that is
    believed already.
    """
    dialect = _dialect(provider)
    return tuple(dialect.one_use(request)) if hasattr(dialect, "one_use") else ()


def probe(provider: str, request: WebhookRequest) -> Answer | None:
    """The answer to a call that brings nothing: a HEAD, or a method that the provider does not call by.

    None: it brings something, so check its signature.
    """
    if request.method == "HEAD":
        return Answer()
    methods = getattr(_dialect(provider), "METHODS", _POST_ONLY)
    if request.method not in methods:
        return Answer(405, {"allow": ", ".join(sorted(methods | {"HEAD"}))})
    return None


def answer(provider: str, request: WebhookRequest) -> Answer:
    """What the provider expects once its call is stored."""
    dialect = _dialect(provider)
    return dialect.answer(request) if hasattr(dialect, "answer") else Answer()


@cache
def _dialect(provider: str) -> "_Dialect":
    """The provider's file, imported on first use: a cold start pays for one dialect only."""
    name = f"{__name__}.{provider}"
    if not provider.isidentifier() or provider.startswith("_"):
        raise UnknownProvider("There is no such provider.")
    try:
        return cast("_Dialect", import_module(name))
    except ModuleNotFoundError as problem:
        if problem.name != name:  # a dialect whose own import fails is our fault, not the caller's
            raise
        raise UnknownProvider("There is no such provider.") from problem
