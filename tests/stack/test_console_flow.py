"""What a browser does before a console has a token: asks the API, signs in by code with PKCE, comes back."""

import base64
import hashlib
import re
import secrets
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import urllib3

from tools.deploy import CONSOLE
from tools.stack import Stack

_LOGIN = "user_manager"


@pytest.fixture(scope="module")
def browser() -> urllib3.PoolManager:
    return urllib3.PoolManager()


def test_the_api_lets_our_console_ask_and_tells_it_the_headers_that_it_needs(
    stack: Stack, browser: urllib3.PoolManager
) -> None:
    asked = {
        "origin": CONSOLE,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,if-match",
    }
    answer = browser.request("OPTIONS", f"{stack.api_url}/users/search", headers=asked)
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (204, CONSOLE)
    allowed = set(answer.headers["access-control-allow-headers"].split(","))
    assert allowed >= {"authorization", "content-type", "if-match"}
    shown = browser.request(
        "GET",
        f"{stack.api_url}/me",
        headers={"origin": CONSOLE, "authorization": f"Bearer {stack.token(_LOGIN)}"},
    )
    assert set(shown.headers["access-control-expose-headers"].split(",")) == {
        "etag",
        "location",
        "retry-after",
        "link",
        "content-disposition",
    }


def test_the_api_lets_no_other_page_ask(stack: Stack, browser: urllib3.PoolManager) -> None:
    asked = {"origin": "https://elsewhere.example", "access-control-request-method": "POST"}
    answer = browser.request("OPTIONS", f"{stack.api_url}/users/search", headers=asked)
    assert "access-control-allow-origin" not in answer.headers


def test_a_roster_may_be_put_to_its_signed_address_from_any_page(
    stack: Stack, browser: urllib3.PoolManager
) -> None:
    """The signature is the leave; the console's own address is among all."""
    made = stack.api("POST", "/imports", token=stack.token("rostering_administrator")).body
    asked = {"origin": stack.console_url, "access-control-request-method": "PUT"}
    answer = browser.request("OPTIONS", made["upload_url"], headers=asked)
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] in {"*", stack.console_url}


@pytest.mark.parametrize("served", ["by the stack", "by its developer"])
def test_a_person_signs_in_by_a_code_that_only_this_browser_can_use(
    stack: Stack, browser: urllib3.PoolManager, served: str
) -> None:
    console = stack.console_url if served == "by the stack" else CONSOLE
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    client_id = stack.clients["staff"]
    wish = {
        "client_id": client_id,
        "response_type": "code",
        "redirect_uri": console,
        "scope": "openid email phone",
        "state": "of-this-tab",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    page = browser.request("GET", f"{stack.endpoint_url}/oauth2/authorize?{urlencode(wish)}")
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.data.decode()))
    signed_in = browser.request(
        "POST",
        f"{stack.endpoint_url}/login",
        fields={**fields, "username": _LOGIN, "password": stack.password},
        encode_multipart=False,
        redirect=False,
    )
    assert signed_in.status == 302, signed_in.data[:300]
    back = urlsplit(signed_in.headers["location"])
    assert f"{back.scheme}://{back.netloc}" == console
    told = parse_qs(back.query)
    assert told["state"] == ["of-this-tab"]

    def token(proof: str) -> urllib3.BaseHTTPResponse:
        return browser.request(
            "POST",
            f"{stack.endpoint_url}/oauth2/token",
            fields={
                "grant_type": "authorization_code",
                "client_id": client_id,
                "redirect_uri": console,
                "code": told["code"][0],
                "code_verifier": proof,
            },
            encode_multipart=False,
        )

    assert token(secrets.token_urlsafe(48)).status == 400  # another browser, which has the code alone
    given = token(verifier)
    assert given.status == 200, given.data
    answer = stack.api("GET", "/me", token=given.json()["access_token"])
    assert (answer.status, answer.body["roles"]) == (200, [_LOGIN])


def test_no_other_page_gets_a_code(stack: Stack, browser: urllib3.PoolManager) -> None:
    wish = {
        "client_id": stack.clients["staff"],
        "response_type": "code",
        "redirect_uri": "https://elsewhere.example",
        "scope": "openid",
    }
    page = browser.request("GET", f"{stack.endpoint_url}/oauth2/authorize?{urlencode(wish)}", redirect=False)
    assert page.status == 400
