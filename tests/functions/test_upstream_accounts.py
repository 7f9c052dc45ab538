"""The accounts of providers' own lists, as a process reads and keeps them."""

import pytest

from reachable import aws as reachable_aws
from reachable.secrets import upstream as secrets
from tests.functions.lists import served

pytestmark = pytest.mark.usefixtures("aws")


def test_of_several_who_ask_at_once_for_the_accounts_each_has_them() -> None:
    """One reads them; nobody is told that nothing can be read."""
    with served() as lists:
        lists.set_up("postmark")
        found = reachable_aws.settled(lambda _: [a.provider for a in secrets.accounts()], range(10))
    assert found == [["postmark"]] * 10
