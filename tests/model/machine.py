"""The stories: what clients, providers, staff, rosters and crashes do, in any order.

Each act goes through a Lambda handler with an event as AWS makes it, and is told to the oracle; then what
can be seen is compared with what must be. The acts are in `clients`, `providers` and `staff`, the looking in
`sight`, what all share in `story`.
"""

import sys
from datetime import timedelta
from itertools import product
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from tests.model.clients import Clients
from tests.model.posts import OTHERS, Clock
from tests.model.staff import Staff
from tests.model.story import ALL, NAMES
from tests.model.wire import Answer as Provider

_FIRST: Final = (("ada", "email", "general"), ("dee", "sms", "general"), ("bob", "sms", "general"))


class Stories(Clients, Staff):
    """A district, its senders and providers, and what goes wrong among them."""

    @initialize(others=st.lists(st.sampled_from(sorted(OTHERS)), min_size=1, max_size=2), told=st.booleans())
    def morning(self, others: list[str], told: bool) -> None:
        """There is something of which something can be told."""
        self.act()
        self.post_messages(self.make_messages(_FIRST, batch=True), None)
        self.send(self.outbound[:2], Provider.TAKEN, None, keep=False)
        for place, (by, account) in enumerate(product(others, ("north", "south"))):
            mail = self.send_other(OTHERS[by], (0, place), account, long=False)
            if told:
                self.tell_sent(mail, Clock.RIGHT, Clock.RIGHT, later=False, cut=None)

    def teardown(self) -> None:
        """At last all comes that has waited."""
        if sys.exception() is not None:
            return  # what went wrong has been told
        self.pass_time(timedelta(hours=2))
        if self.waiting:
            self.deliver(list(self.waiting), None)
        self.finish()
        self.see(ALL, self.known_messages())
        for user in NAMES:
            self.see_profile(user)
