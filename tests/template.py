"""The template as tests read it: plain YAML, with CloudFormation's short forms as their arguments."""

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[1]


class _Loader(yaml.SafeLoader):
    """CloudFormation's short forms, as their arguments."""


def _short_form(loader: yaml.SafeLoader, _tag: str, node: yaml.Node) -> object:
    match node:
        case yaml.ScalarNode():
            return loader.construct_scalar(node)
        case yaml.SequenceNode():
            return loader.construct_sequence(node, deep=True)
        case yaml.MappingNode():
            return loader.construct_mapping(node, deep=True)
        case _:
            raise TypeError(node)


_Loader.add_multi_constructor("!", _short_form)


@cache
def read(path: str) -> dict[str, Any]:
    """A template of this repository."""
    loaded: dict[str, Any] = yaml.load((ROOT / path).read_text("utf-8"), _Loader)  # noqa: S506 - a SafeLoader
    return loaded


def resources(kind: str, path: str = "template.yaml") -> dict[str, dict[str, Any]]:
    """The properties of all resources of a kind, by logical id."""
    found = read(path)["Resources"].items()
    return {name: one["Properties"] for name, one in found if one["Type"] == kind}


def folder(function: str) -> str:
    """The folder of a function's code: ``ImportRoster`` lies in ``import_roster``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", function).lower()


FUNCTIONS: Final = resources("AWS::Serverless::Function")


def listed(one_or_more: Any) -> list[Any]:
    """Of what may be one or several, all."""
    return one_or_more if isinstance(one_or_more, list) else [one_or_more]


def statements(function: str) -> list[dict[str, Any]]:
    """Those of a function's policies, of both branches of an ``!If`` too."""
    found: list[dict[str, Any]] = []
    for policy in FUNCTIONS[function].get("Policies", []):
        for one in policy["Statement"]:
            found += [each for each in listed(one) if isinstance(each, dict)]
    return found
