"""The console's room: what its headers say, and that neither answers nor refusals are kept for others."""

import re
from typing import Any, Final

import pytest

from tests.template import read, resources

CONSOLE: Final = "infra/console.yaml"
HASHES: Final = read(CONSOLE)["Mappings"]["ContentSecurityPolicy"]["StyleHashes"]


def _policy(name: str) -> dict[str, Any]:
    config: dict[str, Any] = resources("AWS::CloudFront::ResponseHeadersPolicy", CONSOLE)[name][
        "ResponseHeadersPolicyConfig"
    ]
    return config


def _distribution() -> dict[str, Any]:
    config: dict[str, Any] = resources("AWS::CloudFront::Distribution", CONSOLE)["Distribution"][
        "DistributionConfig"
    ]
    return config


def test_the_pages_may_load_and_call_what_is_named_and_no_more() -> None:
    """Each directive as it stands; ``!Sub``'s have their values beside them."""
    _, directives = _policy("PageHeaders")["SecurityHeadersConfig"]["ContentSecurityPolicy"][
        "ContentSecurityPolicy"
    ]
    assert [one if isinstance(one, str) else one[0] for one in directives] == [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' ${Press} ${PreventScroll}",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self' ${SignIn} https://${RosterBucketDomain} https://${ResultsBucketDomain}",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types ${Policies}",
    ]


def test_the_styles_of_a_library_are_named_by_their_hashes() -> None:
    assert set(HASHES) == {"Press", "PreventScroll"}
    assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", one) for one in HASHES.values())


@pytest.mark.parametrize("policy", ["PageHeaders", "ApiHeaders"])
def test_whatever_is_answered_is_taken_for_what_it_is_and_framed_by_nobody(policy: str) -> None:
    security = dict(_policy(policy)["SecurityHeadersConfig"])
    del security["ContentSecurityPolicy"]
    assert security == {
        "StrictTransportSecurity": {"Override": True, "AccessControlMaxAgeSec": 63072000},
        "ContentTypeOptions": {"Override": True},
        "FrameOptions": {"Override": True, "FrameOption": "DENY"},
        "ReferrerPolicy": {"Override": True, "ReferrerPolicy": "no-referrer"},
    }


def test_an_answer_of_the_api_is_kept_for_nobody_else() -> None:
    [api] = _distribution()["CacheBehaviors"]
    assert (api["PathPattern"], api["ViewerProtocolPolicy"]) == ("/api/*", "https-only")
    assert api["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # CachingDisabled
    assert api["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"  # AllViewerExceptHostHeader
    assert api["Compress"] is False  # or its ETag would be weak


def test_a_refusal_is_kept_for_nobody_else_and_replaced_by_nothing() -> None:
    """All codes for which CloudFront lets one say how long (its guide, "HTTP 4xx and 5xx status codes")."""
    kept = _distribution()["CustomErrorResponses"]
    assert [one["ErrorCode"] for one in kept] == [400, 403, 404, 405, 414, 500, 501, 502, 503, 504]
    assert [{**one, "ErrorCode": 0} for one in kept] == [{"ErrorCode": 0, "ErrorCachingMinTTL": 0}] * 10


def test_the_api_s_own_answer_comes_before_cloudfront_gives_up() -> None:
    [api] = [one for one in _distribution()["Origins"] if one["Id"] == "api"]
    assert 30 < api["CustomOriginConfig"]["OriginReadTimeout"] <= 60  # the gateway waits 30


def test_the_bucket_is_read_by_this_distribution_alone() -> None:
    [policy] = resources("AWS::S3::BucketPolicy", CONSOLE).values()
    allow, (_, deny, _) = policy["PolicyDocument"]["Statement"]
    assert allow["Action"] == "s3:GetObject"
    assert allow["Condition"]["StringEquals"] == {
        "aws:SourceArn": "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}"
    }
    assert (deny["Sid"], deny["Effect"]) == ("TlsOnly", "Deny")


def test_the_console_s_room_needs_nothing_of_the_pool() -> None:
    """The pool needs its address."""
    given = read("template.yaml")["Resources"]
    assert "Identity" not in str(given["ConsoleRoom"])
    assert "ConsoleRoom.Outputs.Url" in str(given["Identity"]["Properties"]["Parameters"]["ConsoleOrigins"])


@pytest.mark.parametrize(
    ("parameter", "value", "taken"),
    [
        ("ConsoleDomain", "", True),
        ("ConsoleDomain", "console.ridge.example", True),
        ("ConsoleDomain", "https://console.ridge.example", False),
        ("ConsoleDomain", "Console.ridge.example", False),
        ("ConsoleDomain", "localhost", False),
        ("ConsoleCertificateArn", "", True),
        ("ConsoleCertificateArn", "arn:aws:acm:us-east-1:123456789012:certificate/0b6a-12", True),
        ("ConsoleCertificateArn", "arn:aws:acm:eu-west-1:123456789012:certificate/0b6a-12", False),
        ("SignInOrigins", "", True),
        ("SignInOrigins", "https://login.ridge.example:8443", True),
        ("SignInOrigins", "http://127.0.0.1:4566", True),  # the local stack's
        ("SignInOrigins", "https://login.ridge.example/", False),
        ("SignInOrigins", "https://*.ridge.example", False),
        ("SignInOrigins", "https://a.example; script-src *", False),
        ("SignInOrigins", "http://login.ridge.example", False),
    ],
)
def test_a_name_is_one_that_a_header_may_have(parameter: str, value: str, taken: bool) -> None:
    pattern = read("template.yaml")["Parameters"][parameter]["AllowedPattern"]
    assert bool(re.fullmatch(pattern, value)) is taken
