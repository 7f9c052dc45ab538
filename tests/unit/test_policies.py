"""Each rule of tools/policies.guard holds for what we deploy, and does not for what somebody broke."""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from tools import policies
from tools.whole import Template, whole

ROOT, API, INTAKE, SENDING, OBSERVABILITY, ROSTER, STORAGE, IDENTITY = (
    "template.yaml",
    "infra/api.yaml",
    "infra/intake.yaml",
    "infra/sending.yaml",
    "infra/observability.yaml",
    "infra/roster.yaml",
    "infra/storage.yaml",
    "infra/identity.yaml",
)
GONE: Final = object()
STATEMENT: Final = "Policies/0/PolicyDocument/Statement/0"
GUARD: Final = policies.RULES.read_text("utf-8")
RULES: Final = frozenset(re.findall(r"^rule (\w+)", GUARD, re.MULTILINE))


def _break(template: Template, resource: str, place: str, value: object) -> None:
    """Put a value in the place of another, or take it away."""
    at: Any = template["Resources"][resource]
    *way, last = place.split("/")
    for step in way:
        at = at[int(step) if isinstance(at, list) else step]
    if value is GONE:
        del at[last]
    else:
        at[int(last) if isinstance(at, list) else last] = value


def test_every_rule_holds_for_what_we_deploy() -> None:
    """And each has something to look at."""
    assert policies.judge(policies.templates()) == policies.Verdict(held=RULES, broken={}, idle=frozenset())


# The place is that of a resource in its template, or of one of its properties.
BREAKS: Final[list[tuple[str, str, str, str, object]]] = [
    ("a_queue_has_dead_letters", INTAKE, "DeliveryEventsQueue", "Properties/RedrivePolicy", GONE),
    ("dead_letters_have_an_alarm", OBSERVABILITY, "OutboundDeadLettersAlarm", "Type", "AWS::X::Y"),
    (
        "dead_letters_have_an_alarm",
        ROOT,
        "Sends",
        "Properties/DeadLetterConfig",
        {"TargetArn": {"Ref": "Api"}},
    ),
    ("a_queue_has_a_lifetime", SENDING, "OutboundQueue", "Properties/MessageRetentionPeriod", GONE),
    ("a_queue_has_a_maximum_concurrency", ROOT, "DispatchUrgentSource", "Properties/ScalingConfig", GONE),
    ("people_may_have_a_second_factor", IDENTITY, "UserPool", "Properties/MfaConfiguration", "OFF"),
    ("people_may_have_a_second_factor", IDENTITY, "UserPool", "Properties/AdminCreateUserConfig", GONE),
    ("only_unsubscribe_is_throttled", ROOT, "ApiStage", "Properties/DefaultRouteSettings", GONE),
    (
        "only_unsubscribe_is_throttled",
        ROOT,
        "ApiStage",
        "Properties/DefaultRouteSettings/ThrottlingRateLimit",
        100,
    ),
    (
        "only_unsubscribe_is_throttled",
        ROOT,
        "ApiStage",
        "Properties/RouteSettings",
        {"POST /messages": {"ThrottlingRateLimit": 1, "ThrottlingBurstLimit": 1}},
    ),
    ("a_loop_is_decided", ROOT, "Dispatch", "Properties/RecursiveLoop", GONE),
    ("a_loop_is_decided", ROOT, "DispatchSource", "Properties/FunctionName", {"Ref": "Messages"}),
    ("a_route_knows_its_caller", API, "MeRoute", "Properties/AuthorizationType", "NONE"),
    ("a_route_knows_its_caller", API, "MeRoute", "Properties/AuthorizationType", GONE),
    ("a_route_knows_its_caller", API, "MeRoute", "Properties/AuthorizerId", GONE),
    ("a_route_knows_its_caller", API, "OpenApiRoute", "Properties/RouteKey", "GET /users.json"),
    ("a_route_knows_its_caller", API, "OpenApiRoute", "Properties/RouteKey", "$default"),
    ("no_action_is_a_wildcard", ROOT, "ResetRole", f"Properties/{STATEMENT}/Action", "dynamodb:*"),
    (
        "no_action_is_a_wildcard",
        ROOT,
        "ResetRole",
        f"Properties/{STATEMENT}/Action",
        ["s3:GetObject", "s3:Get*"],
    ),
    ("no_action_is_a_wildcard", ROOT, "ResetRole", f"Properties/{STATEMENT}/NotAction", "s3:GetObject"),
    ("no_action_is_a_wildcard", ROSTER, "MapPolicy", "Properties/PolicyDocument/Statement/0/Action", "*"),
    (
        "no_action_is_a_wildcard",
        INTAKE,
        "SesTopicPolicy",
        "Properties/PolicyDocument/Statement/0/Action",
        "sns:*",
    ),
    ("no_resource_is_everything", ROOT, "ResetRole", f"Properties/{STATEMENT}/Resource", "*"),
    (
        "no_resource_is_everything",
        ROOT,
        "ResetRole",
        f"Properties/{STATEMENT}/Resource",
        [{"Ref": "Api"}, "*"],
    ),
    ("no_resource_is_everything", ROOT, "ResetRole", f"Properties/{STATEMENT}/NotResource", {"Ref": "Api"}),
    ("no_resource_is_everything", ROSTER, "MapPolicy", "Properties/PolicyDocument/Statement/0/Resource", "*"),
    (
        "a_resource_names_its_callers",
        INTAKE,
        "SesTopicPolicy",
        "Properties/PolicyDocument/Statement/0/Principal",
        "*",
    ),
    (
        "a_resource_names_its_callers",
        INTAKE,
        "SesTopicPolicy",
        "Properties/PolicyDocument/Statement/0/Principal",
        {"AWS": "*"},
    ),
    (
        "a_resource_names_its_callers",
        INTAKE,
        "SesTopicPolicy",
        "Properties/PolicyDocument/Statement/0/Condition",
        GONE,
    ),
    ("a_function_has_its_own_role", ROOT, "Reset", "Properties/Role", {"Fn::GetAtt": ["SendsRole", "Arn"]}),
    (
        "a_function_has_its_own_role",
        ROOT,
        "Reset",
        "Properties/Role",
        "arn:aws-cn:iam::123456789012:role/all",
    ),
    (
        "a_function_has_its_own_role",
        ROOT,
        "ResetRole",
        "Properties/ManagedPolicyArns/0",
        "arn:aws-cn:iam::aws:policy/X",
    ),
    ("a_function_has_a_timeout_and_a_log", ROOT, "Reset", "Properties/Timeout", GONE),
    ("a_function_has_a_timeout_and_a_log", ROOT, "Reset", "Properties/LoggingConfig", GONE),
    ("a_table_outlives_mistakes", STORAGE, "AuditTable", "DeletionPolicy", "Retain"),
    ("a_table_outlives_mistakes", STORAGE, "AuditTable", "UpdateReplacePolicy", GONE),
    ("a_table_outlives_mistakes", STORAGE, "AuditTable", "Properties/DeletionProtectionEnabled", GONE),
    ("a_table_outlives_mistakes", STORAGE, "AuditTable", "Properties/DeletionProtectionEnabled", "false"),
    ("a_table_outlives_mistakes", STORAGE, "AuditTable", "Properties/PointInTimeRecoverySpecification", GONE),
    ("a_table_outlives_mistakes", STORAGE, "AuditTable", "Properties/SSESpecification/SSEEnabled", False),
    *(
        ("a_bucket_is_closed", STORAGE, "InboxBucket", f"Properties/{place}", value)
        for place, value in [
            ("PublicAccessBlockConfiguration", GONE),
            ("PublicAccessBlockConfiguration/BlockPublicAcls", False),
            ("PublicAccessBlockConfiguration/BlockPublicPolicy", False),
            ("PublicAccessBlockConfiguration/IgnorePublicAcls", GONE),
            ("PublicAccessBlockConfiguration/RestrictPublicBuckets", False),
            ("OwnershipControls", GONE),
            ("OwnershipControls/Rules/0/ObjectOwnership", "ObjectWriter"),
            ("BucketEncryption", GONE),
        ]
    ),
    ("a_bucket_has_lifetimes", STORAGE, "ParkedBucket", "DeletionPolicy", GONE),
    ("a_bucket_has_lifetimes", STORAGE, "ParkedBucket", "Properties/LifecycleConfiguration", GONE),
    ("a_bucket_has_lifetimes", STORAGE, "ParkedBucket", "Properties/LifecycleConfiguration/Rules", []),
    (
        "a_bucket_has_lifetimes",
        STORAGE,
        "ParkedBucket",
        "Properties/LifecycleConfiguration/Rules/0/Status",
        "Disabled",
    ),
    (
        "a_bucket_has_lifetimes",
        STORAGE,
        "ParkedBucket",
        "Properties/LifecycleConfiguration/Rules/0/ExpirationInDays",
        GONE,
    ),
    ("a_log_has_a_lifetime", OBSERVABILITY, "AccessLogGroup", "Properties/RetentionInDays", GONE),
    ("an_alarm_tells_somebody", OBSERVABILITY, "BatchesHeldAlarm", "Properties/AlarmActions", GONE),
    ("an_alarm_tells_somebody", OBSERVABILITY, "BatchesHeldAlarm", "Properties/AlarmActions", []),
    ("no_partition_is_written_out", ROOT, "SmsLogPermission", "Properties/SourceArn", "arn:aws:logs:::x"),
    (
        "no_partition_is_written_out",
        ROOT,
        "SmsLogPermission",
        "Properties/SourceArn",
        {"Fn::Sub": "arn:aws:s3:::x"},
    ),
]


def test_every_rule_is_broken_below() -> None:
    assert {rule for rule, *_ in BREAKS} == RULES


@pytest.mark.parametrize(("rule", "path", "resource", "place", "value"), BREAKS)
def test_a_rule_is_broken(rule: str, path: str, resource: str, place: str, value: object) -> None:
    """By one mistake, and by it no other rule. Where it is told, too."""
    templates = policies.templates()
    _break(templates[path], resource, place, value)
    verdict = policies.judge(templates)
    assert set(verdict.broken) == {rule}
    assert verdict.broken[rule]


def test_a_partition_in_a_state_machine_is_found() -> None:
    templates = policies.templates()
    templates["infra/import_roster.asl.json"] = "arn:aws:states:::lambda:invoke"
    assert policies.judge(templates).broken == {
        "no_partition_is_written_out": frozenset({"infra/import_roster.asl.json"})
    }


def test_a_rule_with_nothing_to_look_at_does_not_hold() -> None:
    templates = policies.templates()
    for name in ("AccessLogGroup", "FunctionsLogGroup"):
        templates[OBSERVABILITY]["Resources"][name]["Type"] = "AWS::X::Y"
    assert policies.judge(templates).idle == {"a_log_has_a_lifetime"}


# Without the comments, at whose apostrophes a text would seem to begin.
HEAD: Final = re.sub(
    "^#.*", lambda line: " " * len(line[0]), GUARD.partition("let queues")[0], flags=re.MULTILINE
)
EXCEPTIONS: Final = [pytest.param(*one.span(1), id=one[1]) for one in re.finditer("'([^']+)'", HEAD)]


@pytest.mark.parametrize(("start", "end"), EXCEPTIONS)
def test_an_exception_is_needed(start: int, end: int) -> None:
    assert policies.judge(policies.templates(), f"{GUARD[:start]}nothing{GUARD[end:]}").broken


def test_nothing_is_lost_on_the_way_to_one_template() -> None:
    templates = policies.templates()
    kinds = [
        resource["Type"]
        for template in templates.values()
        if isinstance(template, dict)
        for resource in template["Resources"].values()
    ]
    assert len(whole(templates)["Resources"]) == len(kinds) - kinds.count("AWS::CloudFormation::Stack")


def test_every_reference_leads_to_a_resource() -> None:
    resources = whole(policies.templates())["Resources"]
    references = {name for name in _references(resources) if not name.startswith("AWS::")}
    assert references <= set(resources)


def test_of_a_choice_all_that_may_be_chosen_is_looked_at() -> None:
    """Texts go by SNS or by End User Messaging, and there with a sender or without."""
    role = whole(policies.templates())["Resources"]["DispatchRole"]
    [policy] = role["Properties"]["Policies"]
    statements = policy["PolicyDocument"]["Statement"]
    assert [one for one in statements if "NotResource" in one]
    [texts] = [one for one in statements if one["Action"] == ["sms-voice:SendTextMessage"]]
    assert [resource if isinstance(resource, str) else "an ARN" for resource in texts["Resource"]] == [
        *(4 * ["an ARN"]),
        "*",
    ]


def _references(value: Any) -> Iterator[str]:
    match value:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), _]}:
            yield name
        case dict():
            for inner in value.values():
                yield from _references(inner)
        case list():
            for inner in value:
                yield from _references(inner)
        case _:
            pass
