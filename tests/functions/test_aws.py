"""What each thread may trust of AWS's clients."""

from threading import Barrier, current_thread
from unittest.mock import patch

import pytest
from botocore.errorfactory import ClientExceptionsFactory

from reachable import aws as reachable_aws


@pytest.mark.usefixtures("aws")
def test_a_clients_exceptions_are_made_with_it() -> None:
    """Made on first use by two threads at once, one would catch what the other's call never raises."""
    reachable_aws.forget_clients()
    client = reachable_aws.client("dynamodb")
    with patch.object(ClientExceptionsFactory, "create_client_exceptions") as created:
        assert client.exceptions.ConditionalCheckFailedException
    created.assert_not_called()


@pytest.mark.usefixtures("aws")
def test_a_client_makes_three_attempts_with_short_timeouts_unless_it_is_told_otherwise() -> None:
    config = reachable_aws.client("dynamodb").meta.config
    assert (config.retries["total_max_attempts"], config.connect_timeout, config.read_timeout) == (3, 1, 5)
    other = reachable_aws.client("s3", attempts=2, read_seconds=20).meta.config
    assert (other.retries["total_max_attempts"], other.connect_timeout, other.read_timeout) == (2, 1, 20)
    assert reachable_aws.client("dynamodb") is reachable_aws.client("dynamodb")


def test_one_that_fails_takes_no_other_with_it() -> None:
    first, failed, third = reachable_aws.settled(lambda number: 12 // number, [4, 0, 3])
    assert (first, type(failed), third) == (3, ZeroDivisionError, 4)
    assert reachable_aws.settled(lambda number: 12 // number, []) == []


def test_the_first_failure_of_some_is_given_back_and_ends_them() -> None:
    begun = []

    def act(number: int) -> float:
        begun.append(number)
        return 12 / number

    def one_after_the_other(numbers: list[int]) -> Exception | None:
        return reachable_aws.until_failure(act, numbers)

    # Called from within such an act.
    ended, none = reachable_aws.settled(one_after_the_other, [[4, 0, 3], []])
    assert isinstance(ended, ZeroDivisionError)
    assert none is None
    assert begun == [4, 0]
    assert reachable_aws.until_failure(act, [4, 3]) is None


def test_what_is_done_side_by_side_is_given_in_order_or_fails_once_all_were_tried() -> None:
    tried: list[int] = []

    def act(number: int) -> int:
        tried.append(number)
        return 12 // number

    assert reachable_aws.side_by_side(act, [4, 3, 2]) == [3, 4, 6]
    tried.clear()
    with pytest.raises(ZeroDivisionError):
        reachable_aws.side_by_side(act, [0, 1, 2])
    assert sorted(tried) == [0, 1, 2]


def test_two_are_done_at_once_one_alone_where_it_stands() -> None:
    meeting = Barrier(2, timeout=60)
    assert sorted(reachable_aws.side_by_side(lambda _: meeting.wait(), "ab")) == [0, 1]
    assert reachable_aws.side_by_side(lambda _: current_thread(), "a") == [current_thread()]


def test_what_is_asked_side_by_side_within_such_an_act_waits_for_no_other_thread() -> None:
    """A pool that waits for itself hangs."""

    def act(_: str) -> bool:
        return set(reachable_aws.side_by_side(lambda _: current_thread(), "ab")) == {current_thread()}

    assert reachable_aws.side_by_side(act, "abc") == [True, True, True]
