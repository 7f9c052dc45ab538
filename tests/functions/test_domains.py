"""Did you mean: which domains an import keeps, and who is told of them."""

from typing import Any

import pytest

from functions.profiles.app import handler as profiles
from reachable.flows import apply, domains
from reachable.model.delivery_event import Cause
from reachable.model.people import User
from reachable.store import dynamodb, statistics
from reachable.store.roster import domains as stored
from tests.builders import clock, delivery_event
from tests.functions import district
from tests.functions.api import call
from tests.functions.test_import_roster import Run
from tests.functions.wire import cut_off
from tests.roster_exports import Table, user, zipped
from tests.roster_exports import district as export

pytestmark = pytest.mark.usefixtures("aws")
NOW = clock("09:05")
TYPO = district.user("tina", "Tina Typo", email="tina@gmial.com")


def guidance_of(user: User, claims: dict[str, Any] | None = None, language: str = "en") -> dict[str, Any]:
    path, headers = f"/users/{user.id}", {"accept-language": language}
    answer = call(profiles, "GET", path, claims or district.manager(), headers=headers)
    assert answer.status == 200, answer.body
    first: dict[str, Any] = answer.body["guidance"][0]
    return first


@pytest.fixture
def tina(at_nine: Any) -> User:
    """A dead address whose domain is a slip."""
    district.import_(*district.ALL, TYPO)
    apply.events([delivery_event(address="tina@gmial.com")], NOW)
    domains.keep({"gmail.com": 50, "gmial.com": 2, "example.org": 9}, NOW)
    return TYPO


def test_who_wrote_a_domain_a_letter_off_is_asked_about_the_one_that_many_use(tina: User) -> None:
    assert guidance_of(tina) == {
        "code": "fix_sis_first",
        "credential": "email",
        "text": (
            "Correct the email address in the student information system first: a reset alone will not "
            "help, since it has not changed there since it failed. Did you mean gmail.com? "
            "Check it with the family."
        ),
        "did_you_mean": "gmail.com",
    }
    assert "¿Quiso decir gmail.com?" in guidance_of(tina, language="es")["text"]


@pytest.mark.usefixtures("tina")
def test_an_address_whose_domain_many_use_is_no_slip() -> None:
    apply.events([delivery_event()], NOW)
    assert guidance_of(district.ADA)["did_you_mean"] is None


@pytest.mark.usefixtures("at_nine")
def test_a_full_mailbox_is_no_slip_and_no_table_is_read_for_it() -> None:
    district.import_(*district.ALL, TYPO)
    domains.keep({"gmail.com": 50}, NOW)
    apply.events([delivery_event(address="tina@gmial.com", cause=Cause.MAILBOX_FULL)], NOW)
    assert guidance_of(TYPO)["did_you_mean"] is None
    assert domains._read_at is None


def test_a_table_that_does_not_answer_takes_the_question_alone(tina: User) -> None:
    with cut_off(dynamodb.client(), "BatchGetItem", '"domains"'):
        assert guidance_of(tina)["did_you_mean"] is None


def test_what_is_known_is_read_once_in_five_minutes(tina: User) -> None:
    assert guidance_of(tina)["did_you_mean"] == "gmail.com"
    stored.put({})
    assert guidance_of(tina)["did_you_mean"] == "gmail.com"
    domains.forget()
    assert guidance_of(tina)["did_you_mean"] is None


@pytest.mark.usefixtures("at_nine")
def test_a_domain_from_which_most_comes_back_is_not_kept() -> None:
    statistics.count("domain", "2026-W38", "gmial.com", {"sent": 90, "bounced_permanent": 7}, NOW)
    statistics.count("domain", "2026-W38", "gmail.com", {"sent": 900, "bounced_permanent": 9}, NOW)
    domains.keep({"gmail.com": 50, "gmial.com": 12, "one.example": 1}, NOW)
    assert stored.get() == {"gmail.com": 50}


def _with_many() -> dict[str, Table]:
    tables = export()
    mails = ("a@gmail.com", "b@GMAIL.com", "c@gmail.com", "d@gmial.com")
    people = [user(f"g{i}", "guardian", f"Gina {i}", email=mail) for i, mail in enumerate(mails)]
    return tables | {"users": [*tables["users"], *people]}


def test_an_import_keeps_the_domains_that_several_have() -> None:
    assert stored.get() is None
    Run(zipped(_with_many())).whole()
    kept = stored.get() or {}
    assert (kept["gmail.com"], "gmial.com" in kept) == (3, False)


def test_an_import_is_done_though_no_domains_can_be_kept() -> None:
    run = Run(zipped(_with_many()))
    with cut_off(dynamodb.client(), "PutItem", '"domains"'):
        run.whole()
    assert run.report()["state"] == "done"
    assert stored.get() is None
