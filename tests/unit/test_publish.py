"""``./dev publish`` against moto: what it puts, in which order, what it removes, what the console reads."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any, Final

import boto3
import pytest
import time_machine
from botocore.stub import Stubber
from moto import mock_aws
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from tools import publish
from tools.publish import Place, Settings, SignIn
from tools.steps import Failure

_STACK: Final = "reachable-trial"
_PAGE: Final = "https://reachable-trial-1.auth.us-east-1.amazoncognito.com"
_NAMES: Final = {
    "console-bucket": "pages",
    "console-distribution-id": "E1",
    "console-url": "https://console.ridge.example",
}
_OWN_POOL: Final = {
    "Issuer": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_a",
    "ConsoleClientId": "people",
    "ConsoleScope": "openid email",
    "UserPoolId": "us-east-1_a",
}
_SIGN_IN: Final = SignIn(
    authority="https://issuer.example",
    client_id="c",
    scope="openid",
    authorization_endpoint="https://issuer.example/a",
    token_endpoint="https://issuer.example/t",
)
_NOON: Final = datetime(2026, 11, 28, 12, tzinfo=UTC)
_DAY: Final = timedelta(days=1)


class Account:
    """Moto's, in which CloudFormation tells of one stack."""

    def __init__(self) -> None:
        self.put: list[str] = []
        client: Any = boto3.client  # its stubs want each service by name
        self.clients: dict[str, Any] = {
            service: client(
                service, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
            )
            for service in ("cloudformation", "ssm", "s3", "cloudfront")
        }
        self.clients["s3"].create_bucket(Bucket="pages")
        self.clients["s3"].meta.events.register(
            "before-call.s3.PutObject", lambda params, **_: self.put.append(params["url_path"][1:])
        )
        made = self.clients["cloudfront"].create_distribution(
            DistributionConfig={
                "CallerReference": "1",
                "Comment": "",
                "Enabled": True,
                "Origins": {
                    "Quantity": 1,
                    "Items": [
                        {
                            "Id": "pages",
                            "DomainName": "pages.s3.amazonaws.com",
                            "S3OriginConfig": {"OriginAccessIdentity": ""},
                        }
                    ],
                },
                "DefaultCacheBehavior": {"TargetOriginId": "pages", "ViewerProtocolPolicy": "https-only"},
            }
        )
        self.place = Place(
            bucket="pages",
            distribution_id=made["Distribution"]["Id"],
            url="https://console.ridge.example",
            settings=Settings(stage="trial", sign_in=_SIGN_IN),
        )

    def client(self, service: str) -> Any:
        return self.clients[service]

    def has(self, outputs: Mapping[str, str], names: Mapping[str, str], **parameters: str) -> None:
        stack = {
            "StackName": _STACK,
            "CreationTime": _NOON,
            "StackStatus": "CREATE_COMPLETE",
            "Outputs": [{"OutputKey": name, "OutputValue": value} for name, value in outputs.items()],
            "Parameters": [
                {"ParameterKey": name, "ParameterValue": value}
                for name, value in {"Stage": "trial", **parameters}.items()
            ],
        }
        stubber = Stubber(self.clients["cloudformation"])
        stubber.add_response("describe_stacks", {"Stacks": [stack]}, {"StackName": _STACK})
        stubber.activate()
        for name, value in names.items():
            self.clients["ssm"].put_parameter(Name=f"/reachable/trial/{name}", Value=value, Type="String")

    def files(self, prefix: str = "") -> list[str]:
        told = self.clients["s3"].list_objects_v2(Bucket="pages", Prefix=prefix)
        return [one["Key"] for one in told.get("Contents", [])]


@pytest.fixture
def account() -> Iterator[Account]:
    with mock_aws():
        yield Account()


def built(folder: Path, *assets: str) -> Path:
    """A build with these assets."""
    for name in ("index.html", "favicon.svg", *(f"assets/{asset}" for asset in assets)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return folder


def test_the_own_pool_s_pages_are_where_ssm_says_that_its_tokens_are(account: Account) -> None:
    account.has(_OWN_POOL, _NAMES | {"token-endpoint": f"{_PAGE}/oauth2/token"}, SignInOrigins="")
    found = publish.find(account.client, _STACK)
    assert (found.bucket, found.distribution_id, found.url) == tuple(_NAMES.values())
    assert json.loads(found.settings.as_json()) == {
        "api": "/api",
        "stage": "trial",
        "sign_in": {
            "authority": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_a",
            "client_id": "people",
            "scope": "openid email",
            "authorization_endpoint": f"{_PAGE}/oauth2/authorize",
            "token_endpoint": f"{_PAGE}/oauth2/token",
            "logout_endpoint": f"{_PAGE}/logout",
        },
    }


@pytest.fixture
def issuer() -> Iterator[tuple[str, dict[str, Any]]]:
    """An issuer on this machine, and what it tells of itself."""
    told: dict[str, Any] = {}

    @Request.application
    def application(request: Request) -> Response:
        assert request.path == "/tenant/.well-known/openid-configuration"
        return Response(json.dumps(told), content_type="application/json")

    server = make_server("127.0.0.1", 0, application)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tenant", told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


_ENDPOINTS: Final = {
    "authorization_endpoint": "https://login.ridge.example/authorize",
    "token_endpoint": "https://login.ridge.example/token",
}


@pytest.mark.parametrize(
    "sign_out", [{}, {"end_session_endpoint": "https://login.ridge.example/end"}], ids=["none", "its own"]
)
def test_another_issuer_tells_itself_where_people_sign_in_and_out(
    account: Account, issuer: tuple[str, dict[str, Any]], sign_out: dict[str, str]
) -> None:
    url, told = issuer
    told |= {**_ENDPOINTS, **sign_out, "jwks_uri": "https://login.ridge.example/keys"}
    outputs = {"Issuer": url, "ConsoleClientId": "console", "ConsoleScope": "openid api://reachable/use"}
    account.has(outputs, _NAMES, SignInOrigins="https://desk.ridge.example,https://login.ridge.example")
    found = publish.find(account.client, _STACK)
    assert json.loads(found.settings.as_json())["sign_in"] == {
        "authority": url,
        "client_id": "console",
        "scope": "openid api://reachable/use",
        **_ENDPOINTS,
        **sign_out,
    }


def test_a_console_that_may_not_call_its_sign_in_is_not_published(
    account: Account, issuer: tuple[str, dict[str, Any]]
) -> None:
    url, told = issuer
    told |= _ENDPOINTS
    outputs = {"Issuer": url, "ConsoleClientId": "console", "ConsoleScope": "openid"}
    account.has(outputs, _NAMES, SignInOrigins="")
    with pytest.raises(Failure, match=r"may not call https://login\.ridge\.example") as refused:
        publish.find(account.client, _STACK)
    assert "SignInOrigins=https://login.ridge.example," in refused.value.todo


@pytest.mark.parametrize("told", [{}, {"token_endpoint": "https://login.ridge.example/token"}])
def test_an_issuer_that_tells_no_endpoints_is_said_to(
    account: Account, issuer: tuple[str, dict[str, Any]], told: dict[str, str]
) -> None:
    issuer[1].update(told)
    account.has({"Issuer": issuer[0], "ConsoleClientId": "c", "ConsoleScope": "openid"}, _NAMES)
    with pytest.raises(Failure, match="tells no endpoints"):
        publish.find(account.client, _STACK)


def test_nobody_could_sign_in_without_a_client(account: Account) -> None:
    account.has({"Issuer": "https://login.ridge.example", "ConsoleScope": "openid"}, _NAMES)
    with pytest.raises(Failure, match="ConsoleClientId is empty"):
        publish.find(account.client, _STACK)


def test_a_stack_without_a_console_is_told_from_one_with(account: Account) -> None:
    account.has(_OWN_POOL, {"token-endpoint": f"{_PAGE}/oauth2/token"})
    with pytest.raises(Failure, match="serves no console"):
        publish.find(account.client, _STACK)


def test_each_file_is_put_with_its_type_and_how_long_it_may_be_kept(account: Account, tmp_path: Path) -> None:
    build = built(tmp_path, "a-1.js", "a-1.css", "f-1.woff2")
    publish.publish(account.client, account.place, build)
    told = {
        key: account.clients["s3"].head_object(Bucket="pages", Key=key)
        for key in account.files()
        if not key.startswith("builds/")
    }
    for_ever = "public, max-age=31536000, immutable"
    assert {key: (one["ContentType"], one["CacheControl"]) for key, one in told.items()} == {
        "assets/a-1.css": ("text/css; charset=utf-8", for_ever),
        "assets/a-1.js": ("text/javascript; charset=utf-8", for_ever),
        "assets/f-1.woff2": ("font/woff2", for_ever),
        "favicon.svg": ("image/svg+xml", "no-cache"),
        "index.html": ("text/html; charset=utf-8", "no-cache"),
        "settings.json": ("application/json", "no-cache"),
    }
    settings = account.clients["s3"].get_object(Bucket="pages", Key="settings.json")["Body"].read()
    assert settings == account.place.settings.as_json()


def test_the_page_comes_last_and_the_settings_before_it(account: Account, tmp_path: Path) -> None:
    build = built(tmp_path, "a-1.js", "z-1.js")
    (build / "settings.json").write_text("a developer's own")
    publish.publish(account.client, account.place, build)
    assert [key.removeprefix("pages/") for key in account.put[1:]] == [
        "assets/a-1.js",
        "assets/z-1.js",
        "favicon.svg",
        "settings.json",
        "index.html",
    ]


def test_nothing_is_put_where_a_file_s_kind_is_unknown(account: Account, tmp_path: Path) -> None:
    build = built(tmp_path, "a-1.js", "b.exe")
    with pytest.raises(Failure, match=r"assets/b\.exe is of a kind that is not known"):
        publish.publish(account.client, account.place, build)
    assert account.files() == []


def test_what_was_there_before_is_asked_for_anew(account: Account, tmp_path: Path) -> None:
    publish.publish(account.client, account.place, built(tmp_path))
    cloudfront = account.clients["cloudfront"]
    [told] = cloudfront.list_invalidations(DistributionId=account.place.distribution_id)["InvalidationList"][
        "Items"
    ]
    invalidation = cloudfront.get_invalidation(DistributionId=account.place.distribution_id, Id=told["Id"])
    paths = invalidation["Invalidation"]["InvalidationBatch"]["Paths"]["Items"]
    assert paths == ["/index.html", "/settings.json"]


def test_a_file_is_removed_30_days_after_it_was_replaced_however_long_it_was_served(
    account: Account, tmp_path: Path
) -> None:
    for at, asset in (
        (_NOON - 400 * _DAY, "a.js"),
        (_NOON - 40 * _DAY, "b.js"),
        (_NOON - 1 * _DAY, "c.js"),
        (_NOON, "d.js"),
    ):
        with time_machine.travel(at, tick=False):
            publish.publish(account.client, account.place, built(tmp_path / asset, asset))
    assert account.files("assets/") == ["assets/b.js", "assets/c.js", "assets/d.js"]
    assert set(account.files()) >= {"index.html", "favicon.svg", "settings.json"}


def test_a_file_that_later_builds_have_too_stays(account: Account, tmp_path: Path) -> None:
    for days in (400, 300, 200, 0):
        with time_machine.travel(_NOON - days * _DAY, tick=False):
            publish.publish(
                account.client, account.place, built(tmp_path / str(days), "same.js", f"{days}.js")
            )
    assert account.files("assets/") == ["assets/0.js", "assets/200.js", "assets/same.js"]


@pytest.mark.parametrize(
    ("put", "asked"),
    [
        ([], []),
        ([0], [0]),
        ([100], [100]),  # nothing has replaced it
        ([100, 31], [31]),  # both were put long ago, and one is served
        ([100, 29], [100, 29]),
        ([100, 60, 1, 0], [60, 1, 0]),
    ],
)
def test_builds_are_asked_for_until_30_days_after_they_were_replaced(
    put: list[int], asked: list[int]
) -> None:
    """By how many days ago each was put."""
    times = [_NOON - days * _DAY for days in put]
    assert publish.asked_for(times, _NOON) == [_NOON - days * _DAY for days in asked]
