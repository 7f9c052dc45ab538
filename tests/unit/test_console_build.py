"""What ``./dev console build`` does, and leaves undone, by the real npm on a console of three files."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from tools import console
from tools.steps import Failure

_BUILD: Final = "const fs = require('fs'); fs.cpSync('a', 'dist/index.html')"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    package = {"name": "console", "version": "0.0.0", "private": True}
    _write(tmp_path / "package.json", package | {"scripts": {"build": f'node -e "{_BUILD}"'}})
    _write(tmp_path / "package-lock.json", package | {"lockfileVersion": 3, "packages": {"": package}})
    (tmp_path / "a").write_text("one")
    return tmp_path


def _write(file: Path, document: dict[str, Any]) -> None:
    file.write_text(json.dumps(document))


def _page(folder: Path) -> str:
    return (folder / "dist/index.html").read_text()


def test_it_is_built_again_only_where_its_sources_are_others(folder: Path) -> None:
    console.make(folder)
    assert _page(folder) == "one"
    (folder / "dist/index.html").write_text("as it was built")
    console.make(folder)
    assert _page(folder) == "as it was built"
    (folder / "a").write_text("two")
    console.make(folder)
    assert _page(folder) == "two"


def test_packages_are_installed_again_only_where_the_lock_is_another(folder: Path) -> None:
    console.make(folder)
    (folder / "node_modules/kept").touch()
    (folder / "a").write_text("two")
    console.make(folder)
    assert (folder / "node_modules/kept").exists()
    lock = folder / "package-lock.json"
    lock.write_text(f"{lock.read_text()}\n")
    console.make(folder)
    assert not (folder / "node_modules/kept").exists()


def test_without_sources_it_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Failure, match=r"There is no .*/package\.json"):
        console.make(tmp_path)
