"""What a person texts: STOP and START as each provider has them, and what only others take for STOP."""

import pytest

from reachable import providers
from reachable.model.delivery_event import Cause, Kind
from reachable.providers import _words

OUT, IN, REVOKED = (Kind.OPTED_OUT, Cause.OPT_OUT), (Kind.OPTED_IN, None), (Kind.OPTED_OUT, Cause.REVOCATION)

# By word: the providers that act on it. All others take it for a revocation.
STOP = {
    "stop": "aws_sms bandwidth messagebird plivo sinch telnyx twilio vonage",
    "stopall": "messagebird telnyx twilio",
    "stop all": "plivo telnyx",
    "unsubscribe": "aws_sms messagebird plivo sinch telnyx twilio vonage",
    "unsub": "plivo",
    "cancel": "aws_sms messagebird plivo sinch telnyx twilio vonage",
    "end": "aws_sms messagebird plivo sinch telnyx twilio vonage",
    "quit": "aws_sms messagebird plivo sinch telnyx twilio vonage",
    "revoke": "sinch twilio",
    "optout": "aws_sms sinch twilio",
    "opt-out": "aws_sms sinch",
    "opt out": "",
    "remove": "aws_sms",
    "td": "aws_sms",
    "arret": "aws_sms messagebird sinch",
    "arrete": "",
    "arrett": "",
    "halt": "messagebird",
    "detener": "messagebird",
    "parar": "messagebird",
    "ferma": "messagebird",
    "остановить": "messagebird",
    "zatrzymaj": "messagebird",
    "salir": "",
    "cancelar": "",
}
START = {
    "start": "aws_sms bandwidth messagebird plivo sinch telnyx twilio vonage",
    "unstop": "aws_sms bandwidth messagebird plivo sinch telnyx twilio",
    "yes": "twilio",
    "begin": "messagebird",
    "resume": "messagebird",
    "revert": "messagebird",
    "nonarret": "messagebird sinch",
    "join": "vonage",
}
PROVIDERS = ["aws_sms", "bandwidth", "messagebird", "plivo", "sinch", "telnyx", "twilio", "vonage"]


def wished(provider: str, text: str | None) -> tuple[Kind, Cause | None] | None:
    found = _words.wish(provider, text)
    return (found.kind, found.cause) if found else None


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("word", STOP)
def test_a_word_for_stop_is_an_opt_out_where_the_provider_acts_on_it_else_a_revocation(
    provider: str, word: str
) -> None:
    expected = OUT if provider in STOP[word].split() else REVOKED
    for written in (word, word.upper(), word.title(), f'"{word}"', f"  {word}.\n", f"«{word}!» \u200b"):
        assert wished(provider, written) == expected


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("word", START)
def test_only_what_this_provider_takes_for_start_opens(provider: str, word: str) -> None:
    expected = IN if provider in START[word].split() else None
    for written in (word, word.upper(), f"'{word}'", f" {word}! "):
        assert wished(provider, written) == expected


def test_no_provider_acts_on_another_word() -> None:
    for provider in PROVIDERS:
        assert {word for word, of in STOP.items() if provider in of.split()} == _words.STOP[provider]
        assert {word for word, of in START.items() if provider in of.split()} == _words.START[provider]
    assert set(STOP) == _words.REVOCATIONS
    assert set(PROVIDERS) == set(_words.STOP) == set(_words.START)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    "text",
    [
        *("please stop", "stop it", "STOP texting me", "s t o p", "don't stop", "stop\nend", "unstoppable"),
        *("ok", "no", "", " ", "...", "👍", "stop " * 20, None),
    ],
)
def test_any_other_text_asks_for_nothing(provider: str, text: str | None) -> None:
    assert wished(provider, text) is None


def test_blanks_within_and_accents_are_no_other_word() -> None:
    assert wished("telnyx", "Stop \t  all") == OUT
    assert wished("aws_sms", "\uff33\uff34\uff2f\uff30") == OUT  # full-width letters
    assert wished("aws_sms", "Arrêt") == wished("twilio", "ARRE\u0302T") == REVOKED


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("550 5.1.1 The email account that you tried to reach does not exist", Cause.INVALID_ADDRESS),
        ("452 4.2.2 mailbox full", Cause.MAILBOX_FULL),
        ("Hello", None),
        ("", None),
        (None, None),
    ],
)
def test_what_a_servers_words_mean_whoever_passes_them_on(said: str | None, cause: Cause | None) -> None:
    assert providers.cause_of(said) == cause
