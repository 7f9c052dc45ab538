"""When two wishes are one, so that a repeated call sends nothing twice."""

from dataclasses import replace

import pytest

from reachable.model.delivery_event import Channel
from reachable.model.enqueue import Wish
from reachable.model.send import Purpose


def wish() -> Wish:
    return Wish(
        user_id="ada",
        channel=Channel.EMAIL,
        purpose=Purpose.GENERAL,
        dedup_id="trip-ada",
        text="The trip is on Friday.",
        subject="The trip",
    )


def test_the_same_wish_made_anew_has_the_same_content() -> None:
    assert wish().content == wish().content


@pytest.mark.parametrize(
    "other",
    [
        replace(wish(), user_id="bo"),
        replace(wish(), channel=Channel.SMS),
        replace(wish(), purpose=Purpose.EMERGENCY),
        replace(wish(), dedup_id="trip-bo"),
        replace(wish(), text="The trip is on Monday."),
        replace(wish(), subject=None),
        replace(wish(), subject=""),
        replace(wish(), html="<p>The trip is on Friday.</p>"),
        replace(wish(), batch_id="trip"),
    ],
)
def test_a_wish_that_differs_in_anything_has_another_content(other: Wish) -> None:
    assert other.content != wish().content
