"""Times as the providers tell them."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reachable.upstream import _times

AT = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "told",
    [
        1790000000,
        1790000000.0,
        1790000000000,
        "1790000000",
        "1790000000.0",
        "1790000000000",
        "2026-09-21T14:13:20Z",
        "2026-09-21T14:13:20.000Z",
        "2026-09-21T10:13:20-04:00",
        "2026-09-21 14:13:20",
        "2026-09-21 14:13:20.000000+00:00",
        " 2026-09-21T14:13:20Z ",
        "Mon, 21 Sep 2026 14:13:20 UTC",
        "Mon, 21 Sep 2026 14:13:20 GMT",
        "Mon, 21 Sep 2026 16:13:20 +0200",
        "21 Sep 2026 14:13:20 -0000",
        AT,
        datetime(2026, 9, 21, 14, 13, 20),  # noqa: DTZ001 - no zone told
        datetime(2026, 9, 21, 16, 13, 20, tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_a_time_in_any_of_their_forms(told: object) -> None:
    read = _times.read(told)
    assert (read, read and read.tzinfo) == (AT, UTC)


def test_a_day_is_its_beginning() -> None:
    assert _times.read("2026-09-21") == datetime(2026, 9, 21, tzinfo=UTC)


def test_parts_of_a_second_are_kept() -> None:
    assert _times.read(1790000000123) == AT + timedelta(milliseconds=123)
    assert _times.read("1790000000.25") == AT + timedelta(milliseconds=250)


@pytest.mark.parametrize(
    "told",
    [
        None,
        "",
        " ",
        "yesterday",
        "0000-00-00 00:00:00",
        "2026-13-45",
        "1.2.3",
        ".",
        "-5",
        True,
        False,
        [],
        {},
        float("nan"),
        float("inf"),
        10**400,
        -(10**400),
        "9" * 400,
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
        "Mon, 21 Sep 99999 14:13:20 GMT",
    ],
)
def test_what_is_no_time_is_none(told: object) -> None:
    """An entry counts without its date."""
    assert _times.read(told) is None


@given(
    st.none()
    | st.text()
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.datetimes(timezones=st.none() | st.timezones())
    | st.from_regex(r"[0-9 ,:.+TZSep-]{1,30}", fullmatch=True)
)
def test_nothing_that_a_provider_tells_is_an_error(told: Any) -> None:
    read = _times.read(told)
    assert read is None or read.tzinfo is UTC
