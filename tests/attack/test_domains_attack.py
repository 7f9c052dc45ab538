"""Did you mean, under attack: what is never offered though all use it, and what nonsense is offered."""

import pytest

from reachable.flows import apply, domains, statistics
from reachable.rules import domains as rules
from reachable.store.roster import domains as kept
from tests.builders import clock, delivery_event
from tests.functions import district
from tests.functions.conftest import at_nine
from tests.functions.test_domains import guidance_of

__all__ = ["at_nine"]

NOW = clock("09:05")


@pytest.mark.usefixtures("at_nine")
def test_the_domain_that_all_use_is_offered_though_its_provider_tells_of_bounces_alone() -> None:
    for i in range(3):  # of 50,000 addresses
        event = delivery_event(address=f"gone{i}@gmail.com", event_id=f"b{i}", provider_message_id=f"b{i}")
        statistics.count(apply.events([event], NOW).counted, NOW)
    domains.keep({"gmail.com": 50_000, "gmial.com": 40}, NOW)
    assert "gmail.com" in (kept.get() or {})


@pytest.mark.usefixtures("at_nine")
def test_nobody_of_the_domain_that_all_use_is_told_that_they_meant_a_slip_of_it() -> None:
    for i in range(3):
        event = delivery_event(address=f"gone{i}@gmail.com", event_id=f"b{i}", provider_message_id=f"b{i}")
        statistics.count(apply.events([event], NOW).counted, NOW)
    domains.keep({"gmail.com": 50_000, "gmial.com": 40}, NOW)
    gina = district.user("gina", "Gina Mail", email="gone0@gmail.com")
    district.import_(*district.ALL, gina)
    assert guidance_of(gina)["did_you_mean"] is None


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("district5.org", "district6.org"),
        ("ps12.org", "ps13.org"),
        ("school-12.k12.ca.us", "school-21.k12.ca.us"),
        ("southside.org", "northside.org"),
        ("eastbrook.org", "westbrook.org"),
    ],
)
def test_another_school_s_domain_is_no_slip(written: str, known: str) -> None:
    assert rules.meant(written, {known: 400}) is None
