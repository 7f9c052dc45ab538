"""The proofs that several dialects share; what is malformed is a bad signature and nothing else."""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

import jwt
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


KEY = "a signing key that is not short at all"
CLAIMS = {"iss": "Acme", "iat": AT, "nbf": AT, "exp": AT + 60}


def token(claims: object, *, key: str = KEY, algorithm: str = "HS256", digest: str = "sha256") -> str:
    """By hand, since no library signs what is malformed."""
    parts = (json.dumps({"alg": algorithm, "typ": "JWT"}), json.dumps(claims))
    signed = ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)
    signature = hmac.digest(key.encode(), signed.encode(), digest)
    return f"{signed}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def claims_of(text: str, *keys: str, now: datetime = NOW) -> Any:
    """None where it is not believed."""
    try:
        return _signatures.jwt_claims(
            text,
            Secrets(values=keys or (KEY,)),
            now,
            issuer="Acme",
            required=("iat",),
            window=timedelta(hours=1),
            leeway=timedelta(seconds=5),
        )
    except BadSignature:
        return None


def test_a_token_that_a_secret_signed_gives_its_claims() -> None:
    assert claims_of(token(CLAIMS)) == CLAIMS
    assert claims_of(jwt.encode(CLAIMS, KEY, "HS256")) == CLAIMS
    assert claims_of(token(CLAIMS), "a newer key", KEY) == CLAIMS
    assert claims_of(token(CLAIMS), "a newer key") is None
    assert claims_of(token(CLAIMS, key="short"), "short") == CLAIMS


@pytest.mark.parametrize(
    ("algorithm", "digest"),
    [("HS384", "sha384"), ("HS512", "sha512"), ("none", "sha256"), ("None", "sha256"), ("RS256", "sha256")],
)
def test_no_other_algorithm_counts_however_right_its_signature(algorithm: str, digest: str) -> None:
    assert claims_of(token(CLAIMS, algorithm=algorithm, digest=digest)) is None
    unsigned = token(CLAIMS, algorithm=algorithm).rpartition(".")[0]
    assert claims_of(f"{unsigned}.") is None


def test_a_flipped_bit_of_a_token_is_a_bad_signature() -> None:
    right = token(CLAIMS)
    for place in range(len(right)):
        assert claims_of(right[:place] + chr(ord(right[place]) ^ 1) + right[place + 1 :]) is None


@pytest.mark.parametrize(
    ("changed", "right"),
    [
        ({"iat": AT - 3600, "nbf": AT - 3600}, True),
        ({"iat": AT - 3601}, False),
        ({"nbf": AT - 3601}, False),
        ({"iat": AT + 5, "nbf": AT + 5}, True),
        ({"iat": AT + 6}, False),
        ({"nbf": AT + 6}, False),
        ({"exp": AT - 4}, True),
        ({"exp": AT - 5}, False),
        ({"iat": AT + 0.5}, True),
        ({"iss": "Someone"}, False),
        ({"iss": ["Acme"]}, False),
        ({"iat": str(AT)}, False),
        ({"iat": True}, False),
        ({"iat": [AT]}, False),
        ({"iat": float("nan")}, False),
        ({"iat": float("inf")}, False),
        ({"exp": float("nan")}, False),
        ({"exp": "later"}, False),
        ({"exp": None}, False),
        ({"iat": 10**400}, False),
    ],
)
def test_a_tokens_times_and_issuer_must_be_right(changed: dict[str, object], right: bool) -> None:
    assert (claims_of(token(CLAIMS | changed)) is not None) is right


def test_a_token_lacks_what_is_required_and_may_lack_the_rest() -> None:
    assert claims_of(token({"iss": "Acme", "iat": AT})) is not None
    assert claims_of(token({"iss": "Acme", "nbf": AT, "exp": AT + 60})) is None
    assert claims_of(token({"iat": AT})) is None


@pytest.mark.parametrize("claims", [[], "text", None, 1])
def test_a_token_whose_claims_are_no_object_is_a_bad_signature(claims: object) -> None:
    assert claims_of(token(claims)) is None


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "\ud800", "ü.ü.ü", "e30.e30.", "e30.e30.e30.e30"])
def test_what_is_no_token_is_a_bad_signature(text: str) -> None:
    assert claims_of(text) is None


@pytest.mark.parametrize("key", ["", "\ud800", "-----BEGIN PUBLIC KEY-----\nx", '{"kty": "oct"}'])
def test_what_is_no_key_signs_no_token(key: str) -> None:
    assert claims_of(token(CLAIMS), key) is None


@given(st.text())
def test_any_text_as_a_token_is_a_bad_signature(text: str) -> None:
    assert claims_of(text) is None


@pytest.mark.parametrize(
    ("claim", "right"),
    [
        (hashlib.sha256(b"body").hexdigest(), True),
        (hashlib.sha256(b"bodz").hexdigest(), False),
        (hashlib.sha256(b"body").hexdigest()[:-1], False),
        ("", False),
        (None, False),
        (1, False),
        ("\ud800", False),
    ],
)
def test_a_claim_holds_the_hash_of_what_came(claim: object, right: bool) -> None:
    def proof(_request: WebhookRequest, _secrets: Secrets) -> None:
        _signatures.hashed({"payload_hash": claim}, "payload_hash", b"body")

    assert believed(proof, call()) is right
    with pytest.raises(BadSignature):
        _signatures.hashed({}, "payload_hash", b"body")


def test_a_cold_start_without_a_token_does_not_import_pyjwt() -> None:
    code = "import sys, reachable.providers.bandwidth; sys.exit('jwt' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_only_the_time_that_is_given_counts_and_never_the_systems() -> None:
    """A provider's clock some seconds ahead of the system's is no forgery."""
    for year in (2001, 2100):
        now = NOW.replace(year=year)
        at = int(now.timestamp())
        claims = CLAIMS | {"iat": at, "nbf": at, "exp": at + 60}
        assert claims_of(token(claims), now=now) == claims
