"""What a function does not need, its cold start does not import (figures: tests/bench/import_cost.py)."""

import os
import subprocess
import sys

import pytest

from tools.place import ROOT


@pytest.mark.parametrize("function", ["delivery_events", "webhooks", "sms_log"])
def test_the_functions_of_providers_start_without_the_libraries_of_the_api(function: str) -> None:
    path = os.pathsep.join(str(ROOT / folder) for folder in ("layers", f"functions/{function}"))
    done = subprocess.run(
        [sys.executable, "-c", "import app, sys; print(*sys.modules)"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    of_the_api = {"pydantic", "email_validator", "phonenumbers", "jwt", "cryptography"}
    assert of_the_api & set(done.stdout.split()) == set()
