"""What a person texts to stop messages and to have them again, by provider.

Whole texts only, without the blanks, quotes and punctuation around them, in any case. A word that this very
provider acts on is its STOP or START. A word that only others take for STOP is a revocation all the same: the
person has said it, but this provider's list does not hold it, so consent lifts it as well as START.

Looked up on 2026-11-27, each at the provider's own pages; what could not be confirmed, the provider's page in
docs/providers says. 47 CFR 64.1200(a)(10)(i) names stop, quit, end, revoke, opt out, cancel and unsubscribe.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Final
from unicodedata import category, combining, normalize

from reachable.model.delivery_event import Channel
from reachable.providers import _addresses
from reachable.providers._classifications import OPTED_IN, OPTED_OUT, REVOKED, Classification, event_of
from reachable.providers._reading import Finding

STOP: Final[Mapping[str, frozenset[str]]] = {
    # docs.aws.amazon.com/sms-voice/latest/userguide/keywords-required
    "aws_sms": frozenset(
        {"arret", "cancel", "end", "opt-out", "optout", "quit", "remove", "stop", "td", "unsubscribe"}
    ),
    # support.bandwidth.com, "Does Bandwidth handle opt-in and opt-out keywords?": toll-free numbers alone
    "bandwidth": frozenset({"stop"}),
    # docs.bird.com/applications/channels/.../sms/concepts/opt-in-and-opt-out-compliance
    "messagebird": frozenset(
        {
            *("stop", "stopall", "end", "quit", "cancel", "unsubscribe"),
            *("arret", "halt", "detener", "parar", "ferma", "остановить", "zatrzymaj"),
        }
    ),
    # docs.plivo.com/docs/messaging/concepts/dnd-service, support.plivo.com, section DND
    "plivo": frozenset({"stop", "stop all", "end", "quit", "cancel", "unsub", "unsubscribe"}),
    # community.sinch.com, "Standard opt-out keywords ... for USA and Canada"; ARRET of toll-free numbers
    "sinch": frozenset(
        {"stop", "unsubscribe", "cancel", "end", "quit", "revoke", "opt-out", "optout", "arret"}
    ),
    # developers.telnyx.com/docs/messaging/messages/advanced-opt-in-out
    "telnyx": frozenset({"stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit"}),
    # twilio.com/en-us/blog/update-to-fcc-s-sms-opt-out-keywords (since 14 May 2025)
    "twilio": frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"}),
    # developer.vonage.com/en/opt-out-assist/guides/key-word-setup (short codes; 10DLC has words of one's own)
    "vonage": frozenset({"stop", "end", "quit", "cancel", "unsubscribe"}),
}

START: Final[Mapping[str, frozenset[str]]] = {
    "aws_sms": frozenset({"start", "unstop"}),
    "bandwidth": frozenset({"start", "unstop"}),
    "messagebird": frozenset({"start", "begin", "resume", "revert", "unstop", "nonarret"}),
    "plivo": frozenset({"start", "unstop"}),
    "sinch": frozenset({"start", "unstop", "nonarret"}),
    "telnyx": frozenset({"start", "unstop"}),
    "twilio": frozenset({"start", "unstop", "yes"}),
    "vonage": frozenset({"start", "join"}),
}
"""The same pages."""

_LAW: Final = frozenset({"stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe"})
# twilio.com/docs/proxy/opt-out-keywords; community.sinch.com, consent management (Spanish, Portuguese)
_OTHERS: Final = frozenset({"arrett", "arrete", "salir", "cancelar"})
REVOCATIONS: Final = _LAW.union(_OTHERS, *STOP.values())
"""Whatever some provider or the law takes for STOP, without accents."""

_LONGEST: Final = 40
"""Characters of a text that can be a word of these, with what is around it."""
_AROUND: Final = re.compile(r"[\W_]*")
_HYPHENS: Final = re.compile(r"[\u2010-\u2015\u2212]")
_BLANKS: Final = re.compile(r"\s+")


def wish(provider: str, text: str | None) -> Classification | None:
    """What the text asks this provider, or us, for; None for any other text."""
    word = _trimmed(text) if text else ""
    return _wish(provider, word) if word and len(word) <= _LONGEST else None


def _trimmed(text: str) -> str:
    """Without what is around it: from either end, since a search from the left costs the square of a text."""
    for _ in range(2):
        text = _AROUND.sub("", text, count=1)[::-1]
    return text


@lru_cache(maxsize=256)
def _wish(provider: str, text: str) -> Classification | None:
    word = _plain(text)
    if word in STOP[provider]:
        return OPTED_OUT
    if word in START[provider]:
        return OPTED_IN
    bare = "".join(letter for letter in normalize("NFKD", word) if not combining(letter))
    return REVOKED if bare in REVOCATIONS or bare.replace("-", " ") in REVOCATIONS else None


def _plain(text: str) -> str:
    """In one case and form, with one hyphen for all, and without signs that nobody sees."""
    seen = "".join(sign for sign in normalize("NFKC", text) if category(sign) != "Cf")
    return _BLANKS.sub(" ", _HYPHENS.sub("-", _trimmed(seen))).casefold()


def inbound(
    provider: str,
    text: str | None,
    sender: str | None,
    *,
    event_id: str,
    occurred_at: datetime | None = None,
    provider_code: str | None = None,
) -> Finding:
    """The event of a text that came in: who sent it is the person. None where it asks for nothing of this."""
    return event_of(
        provider,
        Channel.SMS,
        wish(provider, text),
        _addresses.phone(sender),
        event_id=event_id,
        occurred_at=occurred_at,
        provider_code=provider_code,
    )
