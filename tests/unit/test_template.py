"""The template says what the code needs, and no more: variables, build targets, rights, routes."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from reachable.model.status import TRANSIENT_KEPT
from reachable.rules import event_webhook
from tests.template import FUNCTIONS, ROOT, folder, listed, read, resources, statements

LAYERS: Final = ROOT / "layers"
_READERS: Final = {"text": True, "typed": True, "optional": False, "each": False}
"""The functions of ``reachable.settings``, and whether the variable must be there."""
_NAME: Final = re.compile("[A-Z][A-Z_]+")
_PLACEHOLDER: Final = re.compile(r"\$\{(\w+)\}")


ROUTES: Final = resources("AWS::ApiGatewayV2::Route", "infra/api.yaml")
ROOMS: Final = sorted(resources("AWS::CloudFormation::Stack"))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_given_what_its_modules_ask_for(function: str) -> None:
    given = set(FUNCTIONS[function].get("Environment", {}).get("Variables", {}))
    needed, optional = _asked(folder(function))
    assert needed <= given, "a variable is missing"
    assert given <= needed | optional, "a variable is asked for by nobody"


def test_who_has_routes_with_a_token_is_told_what_an_access_token_is() -> None:
    """Left out, its default would refuse another issuer's tokens in this function alone."""
    integrations = resources("AWS::ApiGatewayV2::Integration", "infra/api.yaml")
    with_token = {
        integrations[_PLACEHOLDER.findall(route["Target"])[0]]["IntegrationUri"].removesuffix("Arn")
        for route in ROUTES.values()
        if route["AuthorizationType"] == "JWT"
    }
    assert with_token == {
        name
        for name, function in FUNCTIONS.items()
        if "ACCESS_TOKEN_CLAIM" in function.get("Environment", {}).get("Variables", {})
    }


def test_a_default_in_the_code_is_that_of_the_template() -> None:
    """Some functions import what only others use, and are not given it."""
    parameters = read("template.yaml")["Parameters"]
    for module in (LAYERS / "reachable").rglob("*.py"):
        for name, default in _defaults(ast.parse(module.read_text())):
            given = {
                variables[name]
                for function in FUNCTIONS.values()
                if name in (variables := function.get("Environment", {}).get("Variables", {}))
            }
            for parameter in given:
                if parameter in parameters:  # else another room makes it up
                    assert parameters[parameter]["Default"] == default, name


def test_a_limit_asks_for_no_more_transient_bounces_than_are_kept() -> None:
    assert read("template.yaml")["Parameters"]["TransientBounceLimit"]["MaxValue"] == TRANSIENT_KEPT == 5


def test_every_function_is_built_and_deployed() -> None:
    folders = {one.parent.name for one in (ROOT / "functions").glob("*/app.py")}
    targets = re.findall(
        r"^build-(\w+): FOLDER = (\w+)$", (ROOT / "functions/Makefile").read_text(), re.MULTILINE
    )
    assert {folder(function) for function in FUNCTIONS} == folders
    assert dict(targets) == {function: folder(function) for function in FUNCTIONS}


OF_NO_RESOURCE: Final = frozenset(
    {
        "dynamodb:ListStreams",
        "ses:CreateImportJob",
        "ses:DeleteSuppressedDestination",
        "ses:GetSuppressedDestination",
        "ses:ListSuppressedDestinations",
        "sns:CheckIfPhoneNumberIsOptedOut",
        "sns:ListPhoneNumbersOptedOut",
        "sns:OptInPhoneNumber",
        "ssm:DescribeParameters",
    }
)
"""Actions on what is the account's and has no ARN."""


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_do_named_things_to_namedresources(function: str) -> None:
    for statement in statements(function):
        actions = listed(statement["Action"])
        of = listed(statement.get("Resource") or statement["NotResource"])
        assert all("*" not in action for action in actions)
        # A text that names no sender is asked of "*": the one choice that has it.
        chosen = of[0] == "NamesSmsSender"
        named = "Condition" in statement or all(resource != "*" for resource in of)
        assert named or chosen or OF_NO_RESOURCE.issuperset(actions)
        assert not chosen or actions == ["sms-voice:SendTextMessage"]


@pytest.mark.parametrize(
    ("room", "queue", "function"),
    [
        ("intake", "DeliveryEventsQueue", "DeliveryEvents"),
        ("sending", "OutboundQueue", "Dispatch"),
        ("reactions", "ReactionsQueue", "Reactions"),
        ("digests", "DigestsQueue", "Digest"),
        ("event_webhook", "EventWebhookQueue", "EventWebhook"),
    ],
)
def test_a_queue_waits_six_times_as_long_as_its_function_may_take(
    room: str, queue: str, function: str
) -> None:
    waits = resources("AWS::SQS::Queue", f"infra/{room}.yaml")[queue]["VisibilityTimeout"]
    assert waits >= 6 * FUNCTIONS[function]["Timeout"]


def test_an_event_is_posted_as_often_as_its_waits_say() -> None:
    queue = resources("AWS::SQS::Queue", "infra/event_webhook.yaml")["EventWebhookQueue"]
    assert queue["RedrivePolicy"]["maxReceiveCount"] == event_webhook.ATTEMPTS


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("", True),
        ("https://hooks.ridge.example", True),
        ("https://hooks.ridge.example:8443/reachable?key=a%20b", True),
        ("http://127.0.0.1:8080/hooks", True),  # a developer's own machine
        ("http://localhost:8080/hooks", True),
        ("http://hooks.ridge.example", False),
        ("https://ridge", False),
        ("https://localhost/hooks", False),
        ("https://169.254.169.254/latest", False),
        ("https://10.0.0.1", False),
        ("https://0x0a.0.0.1", False),
        ("https://[::1]/", False),
        ("https://user:word@hooks.ridge.example", False),
        ("https://hooks.ridge.example@10.0.0.1/", False),
        ("http://127.0.0.1@10.0.0.1:80/", False),
        ("https://hooks.ridge.example/a b", False),
        ("ftp://hooks.ridge.example", False),
    ],
)
def test_a_webhook_is_a_name_behind_https(url: str, taken: bool) -> None:
    pattern = read("template.yaml")["Parameters"]["EventWebhookUrl"]["AllowedPattern"]
    assert bool(re.fullmatch(pattern, url)) is taken


def test_the_routes_are_those_of_the_functions() -> None:
    """The API's description is made from the functions' own routes; webhooks are no part of it."""
    document = json.loads((LAYERS / "reachable/web/openapi.json").read_text())
    described = {
        f"{method.upper()} {path}": bool(operation["security"])
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    deployed = {
        route["RouteKey"]: route["AuthorizationType"] == "JWT"
        for route in ROUTES.values()
        if "/webhooks/" not in route["RouteKey"]
    }
    assert deployed == described


def test_every_route_leads_to_a_function_that_the_api_may_invoke() -> None:
    integrations = resources("AWS::ApiGatewayV2::Integration", "infra/api.yaml")
    behind = {name: one["IntegrationUri"] for name, one in integrations.items()}
    used = {_PLACEHOLDER.findall(route["Target"])[0] for route in ROUTES.values()}
    assert used == set(behind)
    permitted = resources("AWS::Lambda::Permission", "infra/api.yaml").values()
    assert sorted(one["FunctionName"] for one in permitted) == sorted(behind.values())
    given = read("template.yaml")["Resources"]["Routes"]["Properties"]["Parameters"]
    assert {arn: given[arn] for arn in behind.values()} == {
        arn: f"{arn.removesuffix('Arn')}.Arn" for arn in behind.values()
    }


@pytest.mark.parametrize("room", ROOMS)
def test_a_nested_stack_is_given_its_parameters(room: str) -> None:
    """``sam validate`` looks at no nested stack; CloudFormation would tell at the deploy."""
    nested = read("template.yaml")["Resources"][room]["Properties"]
    assert set(nested.get("Parameters", {})) == set(read(nested["TemplateURL"]).get("Parameters", {}))


def test_what_is_read_of_a_nested_stack_is_one_of_its_outputs() -> None:
    text = (ROOT / "template.yaml").read_text()
    told = {
        f"{room}.Outputs.{output}"
        for room in ROOMS
        for output in read(read("template.yaml")["Resources"][room]["Properties"]["TemplateURL"]).get(
            "Outputs", {}
        )
    }
    assert set(re.findall(r"\w+\.Outputs\.\w+", text)) <= told


def test_each_name_is_what_its_parameter_is() -> None:
    """A queue's address under the name of another would be found by nobody here."""
    for logical_id, name in resources("AWS::SSM::Parameter", "infra/names.yaml").items():
        assert logical_id == f"{name['Value']}Name"
        dashed = re.sub(r"(?<!^)(?=[A-Z])", "-", name["Value"]).lower()
        assert name["Name"] == f"/reachable/${{Stage}}/{dashed}"


@pytest.mark.parametrize("room", ["roster", "checks"])
def test_a_state_machine_is_given_what_its_definition_asks_for(room: str) -> None:
    """And is JSON once it is filled in: a number's placeholder stands without quotation marks."""
    for machine in resources("AWS::StepFunctions::StateMachine", f"infra/{room}.yaml").values():
        definition = (ROOT / "infra" / machine["DefinitionS3Location"]).read_text()
        assert set(_PLACEHOLDER.findall(definition)) == set(machine["DefinitionSubstitutions"])
        filled = json.loads(_PLACEHOLDER.sub("7", definition))
        tasks = [state for state in _states(filled) if state["Type"] == "Task"]
        assert tasks
        assert all("Retry" in task for task in tasks)


def test_access_logs_hold_no_path_and_no_query() -> None:
    stage = resources("AWS::ApiGatewayV2::Stage")["ApiStage"]
    logged = set(re.findall(r"\$context\.([\w.]+)", stage["AccessLogSettings"]["Format"]))
    assert "routeKey" in logged
    assert not {one for one in logged if "path" in one.lower() or "query" in one.lower()}


def _states(machine: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The states of a machine, those of its maps too."""
    for state in machine["States"].values():
        yield state
        if "ItemProcessor" in state:
            yield from _states(state["ItemProcessor"])


def _asked(folder: str) -> tuple[set[str], set[str]]:
    """The variables that a function's modules read: those that must be there, and the others."""
    needed: set[str] = set()
    optional: set[str] = set()
    for module in _imported(ROOT / "functions" / folder / "app.py"):
        for name, must in _read_variables(ast.parse(module.read_text())):
            (needed if must else optional).add(name)
    return needed, optional - needed


def _imported(start: Path) -> set[Path]:
    """A module and all of ours that it imports, however deep; also those that it imports late."""
    seen: set[Path] = set()
    waiting = [start]
    while waiting:
        module = waiting.pop()
        if module not in seen:
            seen.add(module)
            waiting += [file for name in _names(ast.parse(module.read_text())) for file in _files(name)]
    return seen


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module)):
                yield module
                yield from (f"{module}.{alias.name}" for alias in node.names)
            case ast.Import():
                yield from (alias.name for alias in node.names)
            case _:
                pass


def _files(name: str) -> list[Path]:
    if name.partition(".")[0] != "reachable":
        return []
    place = LAYERS / name.replace(".", "/")
    if (package := place / "__init__.py").exists() and "import_module(" in package.read_text():
        return sorted(place.glob("*.py"))  # which of them is only known when it runs
    return [file for file in (place.with_suffix(".py"), place / "__init__.py") if file.exists()]


def _defaults(tree: ast.AST) -> Iterator[tuple[str, object]]:
    """What stands in the code for a variable that is not there; of many, nothing does."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="settings"), attr="optional"),
                args=[ast.Constant(value=str(name)), ast.Constant(value=default), *_],
            ) if default is not None:
                yield name, default
            case _:
                pass


def _read_variables(tree: ast.AST) -> Iterator[tuple[str, bool]]:
    """What is asked at import must be there; what is asked in a call, only who makes it needs."""
    later = {
        call
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="settings"), attr=reader) | ast.Name(id=reader),
                args=[ast.Constant(value=str(name)), *_],
            ) if reader in _READERS and _NAME.fullmatch(name):
                yield name, _READERS[reader] and node not in later
            case _:
                pass


def test_a_pointer_outlives_its_queue_its_dead_letters_and_a_redrive() -> None:
    days = 24 * 3600
    queues = resources("AWS::SQS::Queue", "infra/intake.yaml")
    waits = sum(queue["MessageRetentionPeriod"] for queue in queues.values()) // days
    [webhooks] = [
        rule
        for rule in resources("AWS::S3::Bucket", "infra/storage.yaml")["InboxBucket"][
            "LifecycleConfiguration"
        ]["Rules"]
        if rule.get("Prefix") == "webhooks/"
    ]
    assert webhooks["ExpirationInDays"] >= waits + 14 + 3


@pytest.mark.parametrize("room", ["roster", "checks"])
def test_a_map_may_look_after_its_children(room: str) -> None:
    """AWS names some executions with a colon, others with a slash (docs: Distributed Map, IAM policies)."""
    [policy] = resources("AWS::IAM::Policy", f"infra/{room}.yaml").values()
    [watched] = [
        statement["Resource"]
        for statement in policy["PolicyDocument"]["Statement"]
        if "states:DescribeExecution" in listed(statement["Action"])
    ]
    assert sorted(resource[-2:] for resource in watched) == ["/*", ":*"]


def test_a_password_alone_gives_no_token_unless_somebody_asks_for_it() -> None:
    assert read("template.yaml")["Parameters"]["PasswordSignIn"]["Default"] == "false"
    client = resources("AWS::Cognito::UserPoolClient", "infra/identity.yaml")["StaffClient"]
    assert "ALLOW_USER_PASSWORD_AUTH" not in client["ExplicitAuthFlows"]
    assert ["SignsInByPassword", "ALLOW_USER_PASSWORD_AUTH", "AWS::NoValue"] in client["ExplicitAuthFlows"]


@pytest.mark.parametrize(
    ("origin", "taken"),
    [
        ("", True),
        ("https://console.ridge.example", True),
        ("http://localhost:5173", True),
        ("https://console.ridge.example/", False),
        ("https://Console.ridge.example", False),
        ("http://console.ridge.example", False),
        ("*", False),
        ("null", False),
    ],
)
def test_a_console_s_origin_is_one_that_a_browser_tells(origin: str, taken: bool) -> None:
    pattern = read("template.yaml")["Parameters"]["ConsoleOrigins"]["AllowedPattern"]
    assert bool(re.fullmatch(pattern, origin)) is taken
