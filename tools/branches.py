"""The pure rooms by their own unit tests, each branch of them: ``python -m tools.branches``.

pyproject.toml names the rooms and asks for all of it. The progress is left out of what is said.
"""

import subprocess
import sys
from typing import Final

from tools import place
from tools.place import ROOT

FOLDERS: Final = (
    "tests/unit/model",
    "tests/unit/words",
    "tests/unit/rules",
    "tests/unit/providers",
    "tests/unit/oneroster",
)
REPORT: Final = "branches.xml"
"""What pytest counted, in the stack's folder of reports."""


def main() -> int:
    """Run them; say what failed and the lines that none of them reaches."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", *FOLDERS, "--quiet", "-n", "auto", "--cov"),
            f"--junitxml={place.REPORTS / REPORT}",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    _, heading, rest = done.stdout.partition("\n=")
    print(heading.strip() + rest if heading else done.stdout)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
