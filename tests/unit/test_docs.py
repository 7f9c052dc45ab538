"""The pages are there, are found, and lead somewhere."""

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
INDEX: Final = ROOT / "docs/providers/README.md"
PROVIDERS: Final = sorted(file.stem for file in (ROOT / "layers/reachable/providers").glob("[!_]*.py"))
PAGES: Final = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]

_CODE: Final = re.compile(r"^ *```.*?^ *```|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
_ROW: Final = re.compile(r"^\| `(\w+)` \| \[[^]]+\]\(([^)]+)\) \|", re.MULTILINE)
_ELSEWHERE: Final = re.compile(r"[a-z]+:|#")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_provider_has_a_page_whose_heading_names_its_id(provider: str) -> None:
    heading, _, _ = (ROOT / f"docs/providers/{provider}.md").read_text().partition("\n")
    assert re.fullmatch(rf"# .+ \(`{provider}`\)", heading)


def test_the_index_has_a_row_for_each_provider_and_no_other() -> None:
    assert _ROW.findall(INDEX.read_text()) == [(provider, f"{provider}.md") for provider in PROVIDERS]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_link_leads_to_a_file_that_exists(page: Path) -> None:
    links = _LINK.findall(_CODE.sub("", page.read_text()))
    targets = [link.partition("#")[0] for link in links if not _ELSEWHERE.match(link)]
    assert [target for target in targets if not _is_there(page.parent / target)] == []


def _is_there(target: Path) -> bool:
    """A folder is shown by its README."""
    return target.is_file() or (target / "README.md").is_file()


def test_what_contributing_opens_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    named = {
        path for path in re.findall(r"`([\w./]+)`", text) if "/" in path or path.endswith((".py", ".yaml"))
    }
    assert {"words/en.py", "infra/api.yaml", "store/runs/"} <= named
    roots = (ROOT, ROOT / "layers/reachable")
    assert {path for path in named if not any((root / path).exists() for root in roots)} == set()
