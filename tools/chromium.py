"""The Chromium that tests/browser drive: the machine's own; where there is none, it is brought."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from tools.steps import Failure, step

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ON_A_MAC: Final = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def path() -> Path:
    """Where it is.

    Raises:
        Failure: there is none, and neither Debian's packages nor Playwright's could be had.
    """
    return _found() or _brought()


def _found() -> Path | None:
    commands = [found for name in _NAMES if (found := shutil.which(name))]
    if commands:
        return Path(commands[0])
    if _ON_A_MAC.exists():
        return _ON_A_MAC
    return _of_playwright()


def _of_playwright() -> Path | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = Path(playwright.chromium.executable_path)
    return found if found.exists() else None


def _brought() -> Path:
    """By Debian's packages where we may install them, which brings its libraries, too; else by Playwright."""
    with step("Bringing Chromium"):
        if shutil.which("apt-get") and os.geteuid() == 0:
            _run("apt-get", "update", "-qq")
            _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation")
        if not _found():
            _run(sys.executable, "-m", "playwright", "install", "chromium")
    found = _found()
    if found is None:
        raise Failure("No Chromium was found, and none could be brought.", "Install one, and try again.")
    return found


def _run(*command: str) -> None:
    """What it says is of use only where nothing came of it, and then a browser is missing."""
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
