"""The proofs that several dialects share; what is malformed is a bad signature and nothing else."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reachable.model.errors import BadSignature
from reachable.providers import Secrets, WebhookRequest, _signatures

SECRETS = Secrets(values=("new:päss:word", "X-Hook-Secret: hush", "old:password"))


def call(source_ip: str | None = None, **headers: str) -> WebhookRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return WebhookRequest(url="https://hooks.example.com/webhooks/x", headers=named, source_ip=source_ip)


def basic(credentials: str | bytes) -> str:
    raw = credentials.encode() if isinstance(credentials, str) else credentials
    return "Basic " + base64.b64encode(raw).decode()


def believed(proof: Callable[[WebhookRequest, Secrets], None], request: WebhookRequest) -> bool:
    try:
        proof(request, SECRETS)
    except BadSignature:
        return False
    return True


@pytest.mark.parametrize(
    ("authorization", "right"),
    [
        (basic("new:päss:word"), True),
        (basic("old:password"), True),
        (basic("old:password").replace("Basic", "bAsIc"), True),
        (basic("old:passwore"), False),
        (basic("old:password "), False),
        (basic(b"old:\xff"), False),
        ("Basic", False),
        ("Basic ====", False),
        ("Basic ünïcode", False),
        ("Bearer b2xkOnBhc3N3b3Jk", False),
        ("", False),
    ],
)
def test_basic_auth(authorization: str, right: bool) -> None:
    assert believed(_signatures.basic_auth, call(Authorization=authorization)) is right


@pytest.mark.parametrize(
    ("value", "right"), [("hush", True), ("hush ", False), ("", False), ("hüsh", False), ("\ud800", False)]
)
def test_a_secret_header(value: str, right: bool) -> None:
    assert believed(_signatures.secret_header, call(x_hook_SECRET=value)) is right


def test_basic_auth_and_a_secret_header_are_each_enough() -> None:
    either = _signatures.basic_auth_or_secret_header
    assert believed(either, call(authorization=basic("old:password")))
    assert believed(either, call(x_hook_secret="hush"))
    assert not believed(either, call(authorization=basic("old:wrong"), x_hook_secret="hush"))
    assert not believed(either, call())


NOW = datetime(2026, 9, 14, 8, 30, 10, tzinfo=UTC)
AT = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("seconds", "right"),
    [
        (str(AT), True),
        (str(AT - 300), True),
        (str(AT + 300), True),
        (str(AT - 301), False),
        (str(AT + 301), False),
        ("", False),
        ("soon", False),
        ("9" * 40, False),
        ("-" + "9" * 18, False),
    ],
)
def test_a_time_counts_within_its_window(seconds: str, right: bool) -> None:
    def proof(_request: WebhookRequest, _secrets: Secrets) -> None:
        _signatures.fresh(seconds, NOW, timedelta(minutes=5))

    assert believed(proof, call()) is right


@pytest.mark.parametrize(
    ("source", "right"),
    [("192.0.2.7", True), ("2001:db8::1", True), ("198.51.100.1", False), (None, False), ("nowhere", False)],
)
def test_the_call_comes_from_the_networks_that_are_set(source: str | None, right: bool) -> None:
    networks = (ip_network("192.0.2.0/24"), ip_network("2001:db8::/32"))

    def proof(request: WebhookRequest, _secrets: Secrets) -> None:
        _signatures.networks(request, Secrets(values=("x",), networks=networks))

    assert believed(proof, call(source)) is right
    assert believed(_signatures.networks, call(source))  # where none are set, any


def test_hmac_as_in_rfc_2202_and_rfc_4231() -> None:
    message = b"what do ya want for nothing?"
    assert _signatures.hmac_hex("sha1", "Jefe", message) == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
    digest = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert _signatures.hmac_hex("sha256", b"Jefe", message) == digest
    assert base64.b64decode(_signatures.hmac_base64("sha256", "Jefe", message)).hex() == digest


@given(st.text(alphabet=st.characters()))
def test_no_text_of_a_header_is_an_exception(text: str) -> None:
    believed(_signatures.basic_auth, call(authorization=text))
    believed(_signatures.basic_auth, call(authorization="Basic " + text))
    believed(_signatures.secret_header, call(x_hook_secret=text))
