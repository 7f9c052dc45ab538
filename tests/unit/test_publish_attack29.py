"""``./dev publish`` interrupted, and run twice at once: a page that is open finds what it names."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from tests.unit.test_publish import _DAY, _NOON, Account, account, built
from tools import publish

__all__ = ["account"]


def before(account: Account, key: str, act: Callable[[], None]) -> None:
    """Once, before this file is put."""
    done: list[bool] = []

    def look(params: dict[str, Any], **_: Any) -> None:
        if params["url_path"].endswith(key) and not done:
            done.append(True)
            act()

    account.clients["s3"].meta.events.register("before-call.s3.PutObject", look)


def test_who_publishes_at_the_same_time_takes_away_nothing_that_the_other_has_put(
    account: Account, tmp_path: Path
) -> None:
    """The other publishes wholly between this one's files and this one's page."""
    mine, others = built(tmp_path / "mine", "mine.js"), built(tmp_path / "others", "others.js")
    with time_machine.travel(_NOON, tick=False) as clock:

        def other() -> None:
            clock.shift(timedelta(seconds=1))
            publish.publish(account.client, account.place, others)

        before(account, "/index.html", other)
        publish.publish(account.client, account.place, mine)
    assert account.files("assets/") == ["assets/mine.js", "assets/others.js"]


def test_a_page_that_was_put_before_the_publishing_was_interrupted_keeps_its_files(
    account: Account, tmp_path: Path
) -> None:
    s3 = account.clients["s3"]
    put: list[str] = []

    def stop(params: dict[str, Any] | None = None, **_: Any) -> None:
        """At whatever comes after the page."""
        if any(path.endswith("/index.html") for path in put):
            raise KeyboardInterrupt
        put.append("" if params is None else params["url_path"])

    s3.meta.events.register("before-call.s3", stop)
    with time_machine.travel(_NOON - _DAY, tick=False), pytest.raises(KeyboardInterrupt):
        publish.publish(account.client, account.place, built(tmp_path / "1", "open.js"))
    s3.meta.events.unregister("before-call.s3", stop)
    with time_machine.travel(_NOON, tick=False):
        publish.publish(account.client, account.place, built(tmp_path / "2", "next.js"))
    assert account.files("assets/") == ["assets/next.js", "assets/open.js"]
