"""The built layer carries every function by itself, with bytecode: nothing compiles at a cold start."""

import fcntl
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from reachable.words import Language
from tests.template import read
from tools import deploy, place

FUNCTIONS: Final = sorted(one.parent.name for one in (place.ROOT / "functions").glob("*/app.py"))

IMPORT: Final = """
import importlib._bootstrap_external as loading, json, sys
from pathlib import Path

def compiled(*_, **__):
    raise AssertionError("compiled from source")

loading.SourceLoader.source_to_code = compiled
sys.path[:0] = sys.argv[1:]
import app
carried = [
    module
    for module in sys.modules.values()
    if (getattr(module, "__file__", None) or "").startswith(tuple(sys.argv[1:])) and module.__spec__
]
print(json.dumps({
    "callable": callable(app.handler),
    "modules": {module.__name__: [module.__file__, module.__spec__.cached] for module in carried},
}))
"""
"""Run by a Python that has nothing but its standard library."""


@pytest.fixture(scope="session")
def built() -> Path:
    """What ``sam build`` alone leaves, of the work tree as it is now."""
    folder = place.ROOT / ".stack" / "layer"
    folder.mkdir(parents=True, exist_ok=True)
    made_from = folder / "made-from"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of the workers that test side by side, one builds
        if not made_from.exists() or made_from.read_text() != deploy.code_digest():
            deploy.build(folder / "build", folder / "build.log")
            made_from.write_text(deploy.code_digest())
    return folder / "build"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_runs_from_its_folder_and_the_layer_alone(function: str, built: Path) -> None:
    name = "".join(word.title() for word in function.split("_"))
    imported = _import(built / "Layer" / "python", built / name)
    assert imported["callable"]
    assert not [name for name, (_, cached) in imported["modules"].items() if not _is_there(cached)]


def test_a_functions_folder_holds_its_app_and_nothing_else(built: Path) -> None:
    for function in FUNCTIONS:
        folder = built / "".join(word.title() for word in function.split("_"))
        found = sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())
        assert found == ["__pycache__/app.cpython-313.pyc", "app.py"]


def test_the_layer_has_the_model_of_every_service_that_the_code_calls(built: Path) -> None:
    source = "\n".join(file.read_text() for file in (place.ROOT / "layers/reachable").rglob("*.py"))
    called = set(re.findall(r"""(?:boto3|_?aws)\.client\(\s*"([a-z0-9-]+)\"""", source))
    assert {"dynamodb", "secretsmanager", "ses"} <= called
    assert called <= {folder.name for folder in (built / "Layer/python/botocore/data").iterdir()}


@pytest.mark.parametrize("language", Language)
def test_the_layer_can_write_a_date_in_every_language_that_we_speak(language: Language, built: Path) -> None:
    """Of Babel's locales it carries few; of zones Lambda's Python has none."""
    assert (built / "Layer" / "python" / "babel" / "locale-data" / f"{language}.dat").exists()
    write = (
        "import datetime, sys, zoneinfo; sys.path[:0] = sys.argv[1:]; zoneinfo.reset_tzpath(to=[]);"
        "from reachable import settings, words; at = datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC);"
        f"print(words.day(at, words.Language('{language}'), settings.zone('America/Chicago')))"
    )
    assert "2026" in _alone(write, built / "Layer" / "python")


def test_the_layer_knows_each_zone_that_the_template_allows(built: Path) -> None:
    zones = read("template.yaml")["Parameters"]["TimeZone"]["AllowedValues"]
    ask = (
        "import sys, zoneinfo; sys.path[:0] = sys.argv[1:]; zoneinfo.reset_tzpath(to=[]);"
        f"from reachable import settings; print(len([settings.zone(one) for one in {zones!r}]))"
    )
    assert {"UTC", "America/Chicago", "Pacific/Honolulu"} < set(zones)
    assert _alone(ask, built / "Layer" / "python") == f"{len(zones)}\n"


def test_bytecode_is_not_compared_with_its_source(built: Path) -> None:
    """Flags 1: hash-based and unchecked (PEP 552): Lambda's file times differ from the build's."""
    for file in (built / "Layer" / "python" / "reachable").rglob("*.pyc"):
        assert file.read_bytes()[4:8] == (1).to_bytes(4, "little"), file


def _import(layer: Path, function: Path) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(_alone(IMPORT, layer, function).splitlines()[-1])
    return answer


def _alone(code: str, *folders: Path) -> str:
    """What some code prints that has these folders alone, which are its arguments."""
    done = subprocess.run(
        # -S: without site-packages; a virtual environment would lend what the layer lacks.
        [sys.executable, "-I", "-S", "-W", "error", "-c", code, *map(str, folders)],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _is_there(cached: str | None) -> bool:
    return cached is None or cached.endswith(".so") or Path(cached).exists()
