"""The console as a browser gets it: pages, headers, settings by CloudFront, the API at the same address."""

import json
from http import HTTPStatus
from urllib.parse import urlsplit

import pytest
import urllib3

from tools import console, place
from tools.calls import Answer, call
from tools.stack import Stack


def _get(stack: Stack, path: str, **headers: str) -> Answer:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return call("GET", f"{stack.console_url}{path}", headers=sent)


@pytest.fixture(scope="module")
def script() -> str:
    """The path of a script that the published build has."""
    first = min(file.name for file in (console.BUILT / "assets").glob("*.js"))
    return f"/assets/{first}"


@pytest.fixture(scope="module")
def distribution(stack: Stack) -> str:
    """CloudFront's own name of it."""
    told = stack.aws.ssm.get_parameter(Name=f"/reachable/{place.NAME}/console-distribution-id")
    found = stack.aws.client("cloudfront").get_distribution(Id=told["Parameter"]["Value"])
    return str(found["Distribution"]["DomainName"])


@pytest.mark.parametrize("path", ["/", "/people/0b6a", "/settings.json", "a script", "/assets/gone.js"])
def test_whatever_is_asked_for_comes_with_the_headers_of_a_page(stack: Stack, script: str, path: str) -> None:
    """A refusal, too."""
    headers = _get(stack, script if path == "a script" else path).headers
    policy = dict(one.split(" ", 1) for one in headers["content-security-policy"].split("; "))
    called = policy.pop("connect-src").split()
    assert called == [
        "'self'",
        stack.endpoint_url,  # the sign-in
        f"https://{stack.buckets['roster']}.s3.us-east-1.amazonaws.com",
        f"https://{stack.buckets['results']}.s3.us-east-1.amazonaws.com",
    ]
    style = policy.pop("style-src").split()
    assert (style[0], {one[:8] for one in style[1:]}) == ("'self'", {"'sha256-"})
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    assert {
        name: headers[name]
        for name in (
            "strict-transport-security",
            "x-content-type-options",
            "x-frame-options",
            "referrer-policy",
            "cross-origin-opener-policy",
        )
    } == {
        "strict-transport-security": "max-age=63072000",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin-allow-popups",
    }
    assert "geolocation=()" in headers["permissions-policy"]


@pytest.mark.parametrize("path", ["/", "/people/0b6a", "/people/", "/api", "/apix/me", "/people/a%2Fb"])
def test_a_page_s_address_gives_the_page(stack: Stack, path: str) -> None:
    answer = _get(stack, path)
    assert (answer.status, answer.body) == (200, (console.BUILT / "index.html").read_text())
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


def test_what_a_build_names_is_kept_for_ever(stack: Stack, script: str) -> None:
    answer = _get(stack, script)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_page_that_is_the_same_is_not_sent_again(stack: Stack) -> None:
    etag = _get(stack, "/people/0b6a").headers["etag"]
    assert _get(stack, "/people/0b6a", if_none_match=etag).status == HTTPStatus.NOT_MODIFIED


@pytest.mark.parametrize("path", ["/assets/gone.js", "/.env", "//evil.example", "/assets/..%2F..%2Fx.json"])
def test_a_file_that_is_not_there_is_no_page(stack: Stack, path: str) -> None:
    assert _get(stack, path).status == 403


def test_the_settings_tell_how_to_sign_in_at_this_very_stack(stack: Stack) -> None:
    answer = _get(stack, "/settings.json")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.body == {
        "api": "/api",
        "stage": place.NAME,
        "sign_in": {
            "authority": f"https://cognito-idp.us-east-1.amazonaws.com/{stack.user_pool_id}",
            "client_id": stack.clients["staff"],
            "scope": "openid email phone profile",
            "authorization_endpoint": f"{stack.endpoint_url}/oauth2/authorize",
            "token_endpoint": f"{stack.endpoint_url}/oauth2/token",
            "logout_endpoint": f"{stack.endpoint_url}/logout",
        },
    }


def test_the_pool_sends_people_back_to_the_console_wherever_it_is(stack: Stack, distribution: str) -> None:
    client = stack.aws.cognito.describe_user_pool_client(
        UserPoolId=stack.user_pool_id, ClientId=stack.clients["staff"]
    )["UserPoolClient"]
    assert {f"https://{distribution}", stack.console_url} <= set(client["CallbackURLs"])
    assert client["LogoutURLs"] == client["CallbackURLs"]


def test_the_bucket_itself_answers_nobody(stack: Stack) -> None:
    for host in (None, f"{stack.buckets['console']}.s3.us-east-1.amazonaws.com"):
        url = stack.endpoint_url + ("/index.html" if host else f"/{stack.buckets['console']}/index.html")
        assert call("GET", url, headers={"host": host} if host else {}).status == 403
    assert call("GET", f"{stack.endpoint_url}/{stack.buckets['console']}").status == 403


def test_plain_http_is_sent_to_https_but_with_the_api_s_tokens_refused(
    stack: Stack, distribution: str
) -> None:
    def asked(path: str) -> urllib3.BaseHTTPResponse:
        url = f"{stack.endpoint_url}{path}"
        return urllib3.request("GET", url, headers={"host": distribution}, redirect=False)

    page, api = asked("/people"), asked("/api/me")
    assert (page.status, page.headers["location"]) == (301, f"https://{distribution}/people")
    assert api.status == 403


def test_the_emulator_still_forwards_to_no_api_so_that_the_front_is_needed(
    stack: Stack, distribution: str
) -> None:
    """Once this fails, tools/front.py can leave the API to CloudFront."""
    headers = {"host": distribution, "x-forwarded-proto": "https"}
    assert call("GET", f"{stack.endpoint_url}/api/openapi.json", headers=headers).status == 502


# The API, at the console's address.


def test_the_api_answers_there_as_at_its_own(stack: Stack) -> None:
    token = stack.token("user_manager")
    path = f"/users/{stack.users['guardian'].user_id}"
    own = stack.api("GET", path, token=token)
    answer = _get(stack, f"/api{path}", authorization=f"Bearer {token}")
    assert (answer.status, answer.body) == (200, own.body)
    assert answer.headers["etag"] == own.headers["etag"]


def test_the_api_refuses_there_in_its_own_words_and_in_the_reader_s_language(stack: Stack) -> None:
    assert _get(stack, "/api/me").status == 401
    asked = {"authorization": f"Bearer {stack.token('user_manager')}"}
    english, spanish = (
        _get(stack, "/api/users/nobody", accept_language=one, **asked) for one in ("en", "es")
    )
    assert (english.status, english.headers["content-type"]) == (404, "application/problem+json")
    assert (spanish.status, spanish.headers["content-type"]) == (404, "application/problem+json")
    assert english.body["detail"] != spanish.body["detail"]


def test_a_change_there_is_made_only_of_what_was_seen(stack: Stack) -> None:
    answer = call(
        "POST",
        f"{stack.console_url}/api/users/{stack.users['guardian'].user_id}/reset",
        json.dumps({"credentials": ["email"]}).encode(),
        {
            "authorization": f"Bearer {stack.token('user_manager')}",
            "content-type": "application/json",
            "if-match": '"of another day"',
        },
    )
    assert (answer.status, answer.headers["content-type"]) == (412, "application/problem+json")


def test_where_the_console_is_is_named_like_all_else(stack: Stack, distribution: str) -> None:
    told = stack.described()
    assert told["console_url"] == stack.console_url
    assert urlsplit(stack.console_url).hostname == "localhost"
    assert {"roster", "inbox", "results", "parked", "console"} == set(told["buckets"])
    [stacks] = stack.aws.cloudformation.describe_stacks(StackName=f"reachable-{place.NAME}")["Stacks"]
    outputs = {one["OutputKey"]: one["OutputValue"] for one in stacks["Outputs"]}
    assert outputs["ConsoleUrl"] == f"https://{distribution}"
