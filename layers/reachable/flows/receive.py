"""Receive a provider's webhook: check who sent it, keep it, and only then say that it is kept."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from reachable import providers
from reachable.model.errors import BadSignature, TooLarge, Unavailable, UnknownProvider
from reachable.model.upstream import DEFAULT_ACCOUNT
from reachable.providers import Answer, Secrets, WebhookRequest
from reachable.queues import delivery_events
from reachable.secrets import webhooks as secrets

BODY_LIMIT: Final = 4 * 1024 * 1024
"""Bytes of a body; a Lambda function takes 6 MB, in base64."""
_ACCOUNT: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What an account may be called, before anything is asked about it."""
_KEPT_HEADERS: Final = frozenset({"content-type", "svix-id", "webhook-id"})
"""What dialects read of an event; what proves the caller does not lie on a queue."""


def webhook(provider: str, account: str | None, request: WebhookRequest, now: datetime) -> Answer:
    """Keep one call of a provider; the answer that it expects. A probe brings nothing to keep.

    Raises:
        UnknownProvider: no such dialect, it takes no webhooks, or no secret is set for the account.
        TooLarge: the body is over the limit; told before its signature is looked at.
        BadSignature: it does not prove who sent it, by none of the secrets.
        Unavailable: it could not be kept, or nobody knows the secret now: the provider should try again.
    """
    if account is not None and not _ACCOUNT.fullmatch(account):
        raise UnknownProvider("There is no such account.")
    account = None if account == DEFAULT_ACCOUNT else account  # one account under both addresses
    if not providers.takes_webhooks(provider):
        raise UnknownProvider("No webhooks are taken from such a provider.")
    if len(request.body) > BODY_LIMIT:
        raise TooLarge("The body is larger than 4 MB.")
    try:
        known = secrets.webhook(provider, account)
        answer = providers.probe(provider, request)
        if answer is not None:
            return answer
        _verify(provider, account, request, known, now)
        _use_tokens(provider, request, now)
        delivery_events.put(_entry(provider, account, request, now))
    except (BotoCoreError, ClientError) as failed:
        raise Unavailable("The webhook could not be kept. Send it again.") from failed
    return providers.answer(provider, request)


def _verify(
    provider: str, account: str | None, request: WebhookRequest, known: Secrets, now: datetime
) -> None:
    """By the secrets that we have, and where they do not fit by those that SSM has now."""
    try:
        providers.verify(provider, _as_signed(request, known), known, now)
    except BadSignature:
        fresh = secrets.webhook_again(provider, account)
        if fresh is None:
            raise
        providers.verify(provider, _as_signed(request, fresh), fresh, now)


def _use_tokens(provider: str, request: WebhookRequest, now: datetime) -> None:
    """Where a signature covers a token and not the body, the token serves what it first came with.

    Raises:
        BadSignature: it came with something else before.
    """
    used = providers.one_use(provider, request)
    if not used:
        return
    from reachable.store import tokens  # late: most providers sign their bodies, and need no table

    for token, said in used:
        if not tokens.use(provider, token, said, now):
            raise BadSignature("The signature's token was used for something else.")


def _as_signed(request: WebhookRequest, known: Secrets) -> WebhookRequest:
    """The request at the public address that the provider calls, which some of them sign."""
    if not known.base_url:
        return request
    parts = urlsplit(request.url)
    query = f"?{parts.query}" if parts.query else ""
    return replace(request, url=f"{known.base_url.rstrip('/')}{parts.path}{query}")


def _entry(
    provider: str, account: str | None, request: WebhookRequest, now: datetime
) -> delivery_events.Entry:
    return delivery_events.Entry(
        provider=provider,
        account=account,
        method=request.method,
        url=urlsplit(request.url).path,
        query=request.query,
        headers={name: request.headers[name] for name in _KEPT_HEADERS if name in request.headers},
        received_at=now,
        body=request.payload,
    )
