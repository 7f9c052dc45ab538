"""What CloudFront's function makes of a path, by its code out of infra/console.yaml."""

import json
import subprocess
from functools import cache
from typing import Any, Final

import pytest

from tests.template import resources
from tools import node

PATHS: Final = {
    "/": "/index.html",
    "/index.html": "/index.html",
    "/people": "/index.html",
    "/people/": "/index.html",
    "/people/0b6a/history": "/index.html",
    "/a.b/people": "/index.html",
    # Files.
    "/settings.json": "/settings.json",
    "/favicon.svg": "/favicon.svg",
    "/assets/a.js": "/assets/a.js",
    "/assets/gone-1234.js": "/assets/gone-1234.js",
    # The API's, whatever is in them.
    "/api/me": "/me",
    "/api/users/a.b/credentials/email": "/users/a.b/credentials/email",
    "/api/openapi.json": "/openapi.json",
    "/api/users/a%2Fb": "/users/a%2Fb",
    "/api/": "/",
    "/api/api/me": "/api/me",
    # What only looks like it.
    "/api": "/index.html",
    "/apix": "/index.html",
    "/apix/me": "/index.html",
    "/API/me": "/index.html",
    "/people/api/me": "/index.html",
    "/api%2Fme": "/index.html",
    "/%61pi/me": "/index.html",
    # Hostile ones stay paths of this one origin, and lead to no other file.
    "//evil": "/index.html",
    "//evil.example": "//evil.example",
    "/api//evil.example/me": "/evil.example/me",
    "/api///": "/",
    "/api/../settings.json": "/../settings.json",
    "/api/..%2Fsettings.json": "/..%2Fsettings.json",
    "/people/../api/me": "/index.html",
    "/people/..%2F..%2Fapi%2Fme": "/people/..%2F..%2Fapi%2Fme",
    "/\\evil": "/index.html",
    "/people/%00": "/index.html",
    "/.env": "/.env",
}


def _function() -> dict[str, Any]:
    [function] = resources("AWS::CloudFront::Function", "infra/console.yaml").values()
    return function


@cache
def _answered() -> dict[str, dict[str, Any]]:
    """What the function makes of all of them, in one run."""
    requests = [
        {
            "method": "POST",
            "uri": path,
            "querystring": {"limit": {"value": "5"}},
            "headers": {"authorization": {"value": "Bearer a"}, "if-match": {"value": '"1"'}},
            "cookies": {},
        }
        for path in PATHS
    ]
    script = (
        f"{_function()['FunctionCode']}\n"
        "const asked = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
        "process.stdout.write(JSON.stringify(asked.map((request) => handler({ request }))));"
    )
    done = subprocess.run(
        [node.node(), "-e", script], input=json.dumps(requests), capture_output=True, text=True, check=True
    )
    return dict(zip(PATHS, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize(("path", "asked"), PATHS.items())
def test_a_path_is_asked_for_as(path: str, asked: str) -> None:
    assert _answered()[path]["uri"] == asked


def test_all_else_of_a_request_goes_on_as_it_came() -> None:
    assert {name: value for name, value in _answered()["/api/me"].items() if name != "uri"} == {
        "method": "POST",
        "querystring": {"limit": {"value": "5"}},
        "headers": {"authorization": {"value": "Bearer a"}, "if-match": {"value": '"1"'}},
        "cookies": {},
    }


def test_its_code_is_small_enough_for_cloudfront() -> None:
    """10 KB at most, and a comment of 128 characters."""
    assert len(_function()["FunctionCode"].encode()) < 10_000
    assert len(_function()["FunctionConfig"]["Comment"]) <= 128


def test_it_runs_before_pages_and_api_alike() -> None:
    [distribution] = resources("AWS::CloudFront::Distribution", "infra/console.yaml").values()
    config = distribution["DistributionConfig"]
    for behaviour in (config["DefaultCacheBehavior"], *config["CacheBehaviors"]):
        assert behaviour["FunctionAssociations"] == [
            {"EventType": "viewer-request", "FunctionARN": "Paths.FunctionARN"}
        ]
