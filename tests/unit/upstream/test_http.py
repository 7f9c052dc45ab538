"""What a call of a provider's API sends, and what becomes of its answer, on the wire."""

import socket
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest

from reachable.model.errors import ListUnclear, PutOff
from reachable.model.upstream import Account
from reachable.upstream import _http

NOW = 1_790_000_000.0
"""2026-09-21, 14:13:20 UTC."""


@contextmanager
def answering(raw: bytes, *, hang: bool = False) -> Iterator[tuple[str, list[bytes]]]:
    """A server that answers one call with these bytes, and then closes or hangs; what it was sent."""
    asked: list[bytes] = []
    over = Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(60)

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                asked.append(_request(connection))
                connection.sendall(raw)
                if hang:
                    over.wait(60)

        thread = Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked
        finally:
            over.set()
            thread.join()


def _request(connection: socket.socket) -> bytes:
    read = b""
    while b"\r\n\r\n" not in read:
        read += connection.recv(65536)
    head, _, body = read.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if b"content-length:" in line]
    while lengths and len(body) < int(lengths[0]):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def answer(status: int, body: bytes = b"{}", headers: Mapping[str, str] | None = None) -> bytes:
    told = {"Content-Length": str(len(body)), "Connection": "close"} | dict(headers or {})
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {status} Whatever\r\n{lines}\r\n".encode() + body


def asked_of(url: str, path: str = "/list/ada%40example.org", **request: Any) -> _http.Answer:
    account = Account("sendgrid", settings={"key": "k"})
    return _http.call(account, "GET", path, base_url=url, headers={"x-key": "k"}, **request)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"key": "a b~"}, "a b~"),
        ({"key": " secret\n"}, "secret"),
        ({"key": ""}, None),
        ({"key": " "}, None),
        ({"key": "se\ncret"}, None),
        ({"key": "se\x7fcret"}, None),
        ({"key": "clé"}, None),
        ({"key": 5}, None),
        ({"other": "secret"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_a_setting_is_text_that_a_header_takes(settings: dict[str, Any] | None, told: str | None) -> None:
    account = Account("sendgrid", settings=settings)
    if told is not None:
        assert _http.setting(account, "key") == told
        return
    with pytest.raises(PutOff) as put_off:
        _http.setting(account, "key")
    assert (put_off.value.why, put_off.value.seconds, put_off.value.denied) == ("no_key", None, True)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"lists": ["a", "b"]}, ["a", "b"]),
        ({"lists": "a"}, ["a"]),
        ({"lists": ["a", "", None, 5]}, ["a", "5"]),
        ({"lists": 5}, ["5"]),
        ({"lists": []}, ["default"]),
        ({"lists": ""}, ["default"]),
        ({"lists": None}, ["default"]),
        ({}, ["default"]),
        (None, ["default"]),
    ],
)
def test_texts_are_a_list_a_single_one_or_the_default(
    settings: dict[str, Any] | None, told: list[str]
) -> None:
    assert _http.texts(Account("sendgrid", settings=settings), "lists", ("default",)) == told


def test_basic_authentication_is_that_of_the_standard() -> None:
    """The example of RFC 7617, and its one with a letter beyond ASCII."""
    assert _http.basic("Aladdin", "open sesame") == {"authorization": "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}
    assert _http.basic("test", "123£") == {"authorization": "Basic dGVzdDoxMjPCow=="}


@pytest.mark.parametrize(
    ("address", "segment"),
    [
        ("ada@example.org", "ada%40example.org"),
        ("a+b/c#d?e%f&g@example.org", "a%2Bb%2Fc%23d%3Fe%25f%26g%40example.org"),
        ("../bounces", "..%2Fbounces"),
        ("zoë@example.org", "zo%C3%AB%40example.org"),
        ("+12025550123", "%2B12025550123"),
    ],
)
def test_an_address_is_one_segment_of_a_path(address: str, segment: str) -> None:
    assert _http.segment(address) == segment


@pytest.mark.parametrize("address", ["", " ", "\t\n", "\u00a0", ".", "..", "/", " / ", "./ .", "\t.."])
def test_what_leaves_nothing_of_a_path_is_never_sent(address: str) -> None:
    """Some providers clear a whole list at the path without an address."""
    with pytest.raises(ListUnclear) as unclear:
        _http.segment(address)
    assert unclear.value.code == "empty_address"


def test_a_call_says_what_it_wants_and_no_more() -> None:
    with answering(answer(200, b'{"found": 1}')) as (url, asked):
        assert asked_of(url) == _http.Answer(200, {"found": 1})
    line, *headers = asked[0].decode().rstrip().split("\r\n")
    assert line == "GET /list/ada%40example.org HTTP/1.1"
    kept = {header for header in headers if not header.lower().startswith(("host:", "user-agent:"))}
    assert kept == {"Accept-Encoding: identity", "accept: application/json", "x-key: k"}


def test_a_query_is_encoded_whole() -> None:
    with answering(answer(200)) as (url, asked):
        asked_of(url, query={"to": "a+b/c&d=e f@example.org", "page[size]": 5})
    assert asked[0].startswith(
        b"GET /list/ada%40example.org?to=a%2Bb%2Fc%26d%3De%20f%40example.org&page%5Bsize%5D=5 HTTP/1.1\r\n"
    )


@pytest.mark.parametrize(
    ("request_", "content_type", "body"),
    [
        ({"body": {"emails": ["zoë@x.org"]}}, b"application/json", b'{"emails": ["zo\\u00eb@x.org"]}'),
        ({"body": []}, b"application/json", b"[]"),
        ({"form": {"a": "b c&d"}}, b"application/x-www-form-urlencoded", b"a=b+c%26d"),
    ],
)
def test_a_body_goes_as_json_or_as_a_form(request_: dict[str, Any], content_type: bytes, body: bytes) -> None:
    with answering(answer(200)) as (url, asked):
        asked_of(url, **request_)
    head, _, sent = asked[0].partition(b"\r\n\r\n")
    assert sent == body
    assert b"\r\ncontent-type: " + content_type + b"\r\n" in head + b"\r\n"


def test_the_address_that_is_set_for_an_account_comes_first() -> None:
    with answering(answer(200)) as (url, asked):
        account = Account("sendgrid", settings={"base_url": f"{url}/eu/"})
        _http.call(account, "DELETE", "/x", base_url="http://127.0.0.1:1", headers={})
    assert asked[0].startswith(b"DELETE /eu/x HTTP/1.1\r\n")


@pytest.mark.parametrize(
    ("status", "denied"),
    [(401, True), (403, True), (408, False), (429, False), (500, False), (502, False), (599, False)],
)
def test_an_answer_puts_off(status: int, *, denied: bool) -> None:
    with answering(answer(status)) as (url, _), pytest.raises(PutOff) as put_off:
        asked_of(url)
    assert (put_off.value.why, put_off.value.seconds, put_off.value.denied) == (str(status), None, denied)


@pytest.mark.parametrize("status", [201, 204, 301, 302, 307, 400, 404, 410, 422])
def test_an_answer_that_nobody_expects_is_unclear(status: int) -> None:
    with answering(answer(status, b"")) as (url, _), pytest.raises(ListUnclear) as unclear:
        asked_of(url)
    assert unclear.value.code == str(status)


@pytest.mark.parametrize(("status", "found"), [(204, True), (403, True), (404, False), (503, True)])
def test_an_answer_that_is_expected_is_given(status: int, *, found: bool) -> None:
    with answering(answer(status, b"")) as (url, _):
        told = asked_of(url, expected=(status,))
    assert (told, told.found) == (_http.Answer(status, None), found)


def test_a_redirect_is_not_followed() -> None:
    """A key goes nowhere but where it was meant to."""
    with answering(answer(200)) as (other, elsewhere):
        with (
            answering(answer(302, headers={"Location": f"{other}/x"})) as (url, asked),
            pytest.raises(ListUnclear),
        ):
            asked_of(url)
        assert (len(asked), elsewhere) == (1, [])
        asked_of(other)  # it would have answered


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "30"}, 31),
        ({"retry-after": "0"}, 1),
        ({"Retry-After": "1.5"}, 2),
        ({"Retry-After": "-5"}, 1),
        ({"Retry-After": "86400"}, 86400),
        ({"Retry-After": "9999999"}, 86400),
        ({"Retry-After": "1e999"}, 86400),
        ({"Retry-After": "Mon, 21 Sep 2026 14:14:20 GMT"}, 61),
        ({"Retry-After": "Mon, 21 Sep 2026 14:12:20 GMT"}, 1),
        ({"Retry-After": "Fri, 21 Sep 2029 14:12:20 GMT"}, 86400),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "30, 30"}, None),
        ({"Retry-After": "", "ratelimit-reset": "7"}, 8),
        ({"X-RateLimit-Reset": "1790000060"}, 61),
        ({"X-RateLimit-Reset": "1789999000"}, 1),
        ({"X-RateLimit-Reset": "1790000060000"}, 86400),
        ({"x-sib-ratelimit-reset": "300", "x-ratelimit-reset": "5"}, 301),
        ({"Retry-After": "2", "X-RateLimit-Reset": "600"}, 3),
    ],
)
def test_how_long_to_wait(
    monkeypatch: pytest.MonkeyPatch, headers: dict[str, str], seconds: int | None
) -> None:
    monkeypatch.setattr(time, "time", lambda: NOW)
    with answering(answer(429, headers=headers)) as (url, _), pytest.raises(PutOff) as put_off:
        asked_of(url)
    assert put_off.value.seconds == seconds


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (b"", None),
        (b" \r\n", None),
        (b"null", None),
        (b"[]", []),
        ('{"a": "zoë"}'.encode(), {"a": "zoë"}),
        ('\ufeff{"a": 1}'.encode(), {"a": 1}),
    ],
)
def test_a_body_is_json_or_nothing(body: bytes, read: Any) -> None:
    with answering(answer(200, body)) as (url, _):
        assert asked_of(url).body == read


@pytest.mark.parametrize(
    "body",
    [b"<html>", b"{", b'{"a": "\xff"}', b"[" * 200_000, b"1" * 5_000, b'{"a": 1} {"a": 2}'],
    ids=["html", "half", "not_utf8", "deep", "long_number", "two"],
)
def test_a_body_that_is_no_json_is_unclear(body: bytes) -> None:
    with answering(answer(200, body)) as (url, _), pytest.raises(ListUnclear) as unclear:
        asked_of(url)
    assert unclear.value.code == "no_json"


@pytest.mark.parametrize(
    ("raw", "hang", "why"),
    [
        (b"", False, "ProtocolError"),
        (b"SSH-2.0-OpenSSH\r\n", False, "ProtocolError"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{", False, "ProtocolError"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", False, "ProtocolError"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", False, "DecodeError"),
        (b"", True, "ReadTimeoutError"),
        (b"HTTP/1.1 200 OK\r\nContent-", True, "ReadTimeoutError"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{", True, "ReadTimeoutError"),
    ],
    ids=["closed", "no_http", "half", "chunks", "no_gzip", "silent", "half_a_head", "half_a_body"],
)
def test_half_an_answer_or_none_puts_off(
    monkeypatch: pytest.MonkeyPatch, raw: bytes, why: str, *, hang: bool
) -> None:
    if hang:
        monkeypatch.setattr(_http, "READ_SECONDS", 0.2)
    with answering(raw, hang=hang) as (url, _), pytest.raises(PutOff) as put_off:
        asked_of(url)
    assert (put_off.value.why, put_off.value.seconds, put_off.value.denied) == (why, None, False)


def test_nobody_there_puts_off_and_tells_no_address(nobody: str) -> None:
    """urllib3's own error has the whole URL."""
    with pytest.raises(PutOff) as put_off:
        asked_of(nobody)
    assert (put_off.value.why, put_off.value.denied) == ("NewConnectionError", False)
    assert "ada" not in "".join(traceback.format_exception(put_off.value))


@pytest.mark.parametrize(
    ("base_url", "why"),
    [
        ("api.example.org", "no_base_url"),
        ("ftp://127.0.0.1", "no_base_url"),
        ("http:///", "no_base_url"),
        ("http://[::1", "LocationParseError"),
    ],
)
def test_an_address_that_is_none_is_for_us_to_mend(base_url: str, why: str) -> None:
    with pytest.raises(PutOff) as put_off:
        asked_of(base_url)
    assert (put_off.value.why, put_off.value.denied) == (why, True)
    assert "ada" not in "".join(traceback.format_exception(put_off.value))


@pytest.mark.parametrize("value", ["a\nb", "ключ"])
def test_a_header_that_is_none_is_for_us_to_mend(value: str) -> None:
    with pytest.raises(PutOff) as put_off:
        _http.call(
            Account("sendgrid"), "GET", "/x", base_url="http://127.0.0.1:9", headers={"on-behalf-of": value}
        )
    assert put_off.value.denied


@pytest.mark.parametrize("required", [False, True])
@pytest.mark.parametrize(
    ("body", "path", "rows"),
    [
        ([{"a": 1}], (), [{"a": 1}]),
        ([], (), []),
        ({"data": {"list": [{"a": 1}]}}, ("data", "list"), [{"a": 1}]),
        ({"data": []}, ("data",), []),
    ],
)
def test_the_rows_of_an_answer(
    body: Any, path: tuple[str, ...], rows: list[dict[str, Any]], *, required: bool
) -> None:
    assert _http.rows(body, *path, required=required) == rows


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (None, ()),
        (None, ("data",)),
        ({}, ("data",)),
        ({"data": None}, ("data",)),
        ({"data": None}, ("data", "list")),
        ([], ("data",)),
        ("text", ("data",)),
    ],
)
def test_no_list_is_no_rows_unless_there_must_be_one(body: Any, path: tuple[str, ...]) -> None:
    assert _http.rows(body, *path) == []
    with pytest.raises(ListUnclear) as unclear:
        _http.rows(body, *path, required=True)
    assert unclear.value.code == "no_list"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"a": 1}, ()),
        ("text", ()),
        ([1], ()),
        ([{"a": 1}, None], ()),
        ({"data": {"a": 1}}, ("data",)),
        ({"data": False}, ("data",)),
    ],
)
def test_rows_that_are_none_are_unclear(body: Any, path: tuple[str, ...]) -> None:
    with pytest.raises(ListUnclear) as unclear:
        _http.rows(body, *path)
    assert unclear.value.code == "no_list"


@pytest.mark.parametrize(
    ("value", "told"), [("x", "x"), (5, "5"), (0, "0"), ("", None), (None, None), ([], None)]
)
def test_a_text_of_a_row(value: Any, told: str | None) -> None:
    assert _http.text({"a": value}, "a") == told
    assert _http.text({}, "a") is None
