"""Of files: whether they are what they were."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tools import place

_NOT_SOURCE: Final = frozenset(
    {"__pycache__", ".mypy_cache", ".ruff_cache", "node_modules", "dist", "coverage"}
)


def of(*places: Path) -> str:
    """Of files and all in folders, their names and modes too, but for what is made from them."""
    digest = hashlib.sha256(place.ARCHITECTURE.encode())
    for at in places:
        for file in sorted(_files(at)):
            digest.update(f"{file.relative_to(at.parent)}\0{file.stat().st_mode:o}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _files(at: Path) -> Iterable[Path]:
    if at.is_file():
        return [at]
    inside = (file for file in at.rglob("*") if not _NOT_SOURCE & set(file.relative_to(at).parts))
    return (file for file in inside if file.is_file())
