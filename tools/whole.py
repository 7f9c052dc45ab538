"""All that a deploy makes as one template, for cfn-guard, which joins nothing itself.

The nested stacks' resources stand in it as ``Stack.Resource``; what stacks tell one another and parameters'
defaults are put in; of a choice between lists stands all that may be chosen. Beside a resource's properties,
``Joined`` tells what other resources say of it; ``Texts`` are all texts by their places.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

type Template = dict[str, Any]

ROOT: Final = "template.yaml"
_NO_VALUE: Final = {"Ref": "AWS::NoValue"}
_ONE_OR_MORE: Final = frozenset({"Statement", "Action", "NotAction", "Resource", "NotResource"})
"""Of a policy: what may stand in a list or alone. It is a list always here."""


@dataclass(slots=True)
class _Stack:
    """A template; what it is given, and by which stack; the stacks in it."""

    template: Template
    prefix: str = ""
    given: dict[str, tuple[Self | None, Any]] = field(default_factory=dict)
    nested: dict[str, Self] = field(default_factory=dict)


def whole(templates: Mapping[str, Any]) -> Template:
    """Templates by their paths as one, in which every reference leads to a resource.

    SAM's transform is done in them already, and the short forms of CloudFormation's functions are written
    out. What stands among them as a text is a text.
    """
    resources = dict(_resources(_stack(templates, ROOT)))
    _join(resources)
    files = {path: text for path, text in templates.items() if isinstance(text, str)}
    return {"Resources": resources, "Texts": dict(_texts(resources)) | files}


def _stack(templates: Mapping[str, Any], path: str, prefix: str = "") -> _Stack:
    stack = _Stack(templates[path], prefix)
    for name, parameter in stack.template.get("Parameters", {}).items():
        if "Default" in parameter:
            stack.given[name] = None, parameter["Default"]
    for name, resource in stack.template["Resources"].items():
        if resource["Type"] == "AWS::CloudFormation::Stack":
            properties = resource["Properties"]
            inner = _stack(templates, properties["TemplateURL"], f"{prefix}{name}.")
            inner.given |= {one: (stack, value) for one, value in properties.get("Parameters", {}).items()}
            stack.nested[name] = inner
    return stack


def _resources(stack: _Stack) -> Iterator[tuple[str, Template]]:
    for name, resource in stack.template["Resources"].items():
        if name in stack.nested:
            yield from _resources(stack.nested[name])
        else:
            told = {key: value for key, value in resource.items() if key != "Metadata"}
            yield stack.prefix + name, _resolved(told, stack)


def _resolved(value: Any, stack: _Stack) -> Any:
    """A value as it stands in the whole."""
    match value:
        case {"Ref": _} | {"Fn::GetAtt": _}:
            return _referred(value, stack)
        case {"Fn::If": [_, *branches]} if any(isinstance(branch, list) for branch in branches):
            return _resolved([value], stack)
        case dict():
            return {
                key: _resolved(_listed(inner) if key in _ONE_OR_MORE else inner, stack)
                for key, inner in value.items()
            }
        case list():
            return [_resolved(inner, stack) for outer in value for inner in _chosen(outer)]
        case _:
            return value


def _referred(reference: Any, stack: _Stack) -> Any:
    """What a reference leads to: a value that was given or told, else a resource by its name in the whole."""
    match reference:
        case {"Fn::GetAtt": str(path)}:
            return _referred({"Fn::GetAtt": path.split(".", 1)}, stack)
        case {"Fn::GetAtt": [name, attribute]} if name in stack.nested:
            inner = stack.nested[name]
            return _resolved(inner.template["Outputs"][attribute.removeprefix("Outputs.")]["Value"], inner)
        case {"Fn::GetAtt": [name, attribute]}:
            return {"Fn::GetAtt": [stack.prefix + name, attribute]}
        case {"Ref": name} if name in stack.given:
            giver, given = stack.given[name]
            return _resolved(given, giver) if giver else given
        case {"Ref": name} if name in stack.template["Resources"]:
            return {"Ref": stack.prefix + name}
        case _:
            return reference


def _chosen(element: Any) -> list[Any]:
    """Of a choice in a list all that may be chosen, in the lists among it too."""
    match element:
        case {"Fn::If": [_, *branches]}:
            listed = [
                one for branch in branches for one in (branch if isinstance(branch, list) else [branch])
            ]
            return [each for one in listed for each in _chosen(one) if each != _NO_VALUE]
        case _:
            return [element]


def _join(resources: Mapping[str, Template]) -> None:
    """Beside each resource what others say of it."""
    joined: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for name, resource in resources.items():
        properties = resource.get("Properties", {})
        match resource["Type"]:
            case "AWS::SQS::Queue":
                target = _named(properties.get("RedrivePolicy", {}).get("deadLetterTargetArn"))
                joined[target]["DeadLettersOf"].add(name)
            case "AWS::CloudWatch::Alarm":
                for dimension in properties.get("Dimensions", []):
                    joined[_named(dimension["Value"])]["AlarmedBy"].add(name)
            case "AWS::Lambda::Function":
                target = _named(properties.get("DeadLetterConfig", {}).get("TargetArn"))
                joined[target]["DeadLettersOf"].add(name)
                joined[_named(properties["Role"])]["RoleOf"].add(name)
            case "AWS::Lambda::EventSourceMapping":
                function, source = _named(properties["FunctionName"]), _named(properties["EventSourceArn"])
                role = resources[_named(resources[function]["Properties"]["Role"])]
                if source in _may_send_to(role):
                    joined[function]["FeedsItself"].add(source)
            case _:
                pass
    for name, resource in resources.items():
        resource["Joined"] = {key: sorted(names) for key, names in joined[name].items()}


def _named(reference: Any) -> str:
    """The resource that a reference leads to; nothing where it is none."""
    match reference:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), _]}:
            return name
        case _:
            return ""


def _may_send_to(role: Template) -> set[str]:
    """The queues to which who has the role may put messages, whatever its policy's conditions."""
    return {
        _named(resource)
        for policy in role["Properties"].get("Policies", [])
        for statement in policy["PolicyDocument"]["Statement"]
        if "sqs:SendMessage" in statement.get("Action", [])
        for resource in statement.get("Resource", [])
    }


def _listed(one_or_more: Any) -> list[Any]:
    return one_or_more if isinstance(one_or_more, list) else [one_or_more]


def _texts(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    match value:
        case str():
            yield at, value
        case dict() | list():
            for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
                yield from _texts(inner, f"{at}/{key}")
        case _:
            pass
