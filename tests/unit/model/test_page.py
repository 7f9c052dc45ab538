"""Where a list goes on."""

import pytest

from reachable.model.page import Page


@pytest.mark.parametrize(
    ("read", "page"),
    [
        ([], Page(())),
        (["ada"], Page(("ada",))),
        (["ada", "bo"], Page(("ada", "bo"))),
        (["ada", "bo", "cy"], Page(("ada", "bo"), "after bo")),  # cy was read to know that there is more
    ],
)
def test_a_page_goes_on_after_its_last_where_one_more_was_read(read: list[str], page: Page[str]) -> None:
    assert Page.of(read, 2, lambda name: f"after {name}") == page
