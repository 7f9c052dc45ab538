"""The template after the SAM transform, and its nested stacks beside it, as JSON: {path: template}.

It runs in the deploy environment, which has SAM. The transform is made for a region in China: what SAM itself
writes says ``arn:aws-cn:`` there, so that an ``arn:aws:`` is one of ours.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

import boto3
from samcli.yamlhelper import yaml_parse
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

_ROOT: Final = Path(__file__).parent.parent
_TEMPLATE: Final = "template.yaml"
_REGION: Final = "cn-north-1"
_PACKAGE: Final = "s3://built/package"  # the transform takes no folder for code


def expanded() -> dict[str, Any]:
    """All templates, with CloudFormation's own kinds of resources alone."""
    template = _read(_TEMPLATE)
    template["Globals"]["Function"]["CodeUri"] = _PACKAGE
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            resource["Properties"]["ContentUri"] = _PACKAGE
    session = boto3.Session(region_name=_REGION)
    transformed = Translator({}, Parser(), boto_session=session).translate(template, {})
    nested = sorted((_ROOT / "infra").glob("*.yaml"))
    return {_TEMPLATE: transformed} | {f"infra/{file.name}": _read(f"infra/{file.name}") for file in nested}


def _read(path: str) -> dict[str, Any]:
    """A template with the short forms of CloudFormation's functions written out."""
    parsed: dict[str, Any] = yaml_parse((_ROOT / path).read_text("utf-8"))
    return parsed


if __name__ == "__main__":
    json.dump(expanded(), sys.stdout)
