"""Which domain somebody meant who wrote another."""

import pytest

from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, EventHex
from reachable.model.statistics import Word
from reachable.model.status import Block, BlockRegister, Ground, Reach, mark
from reachable.rules import domains as rules
from tests.builders import clock

COUNTS = {
    "gmail.com": 50_000,
    "yahoo.com": 9_000,
    "hotmail.com": 5_000,
    "comcast.net": 900,
    "aol.com": 800,
    "me.com": 90,
    "gmx.de": 60,
    "southridge-schools.org": 50,
    "lincoln.example.org": 45,
    "tiny.example": 39,
    "gmal.com": 5,
}


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("gmil.com", "gmail.com"),
        ("GMIAL.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmail.com.", "gmail.com"),
        ("gmailcom", "gmail.com"),
        ("gmial.con", "gmail.com"),
        ("yahoo.comm", "yahoo.com"),
        ("yaho.com", "yahoo.com"),
        ("hotmial.com", "hotmail.com"),
        ("comcast.ney", "comcast.net"),
        ("southrigde-school.org", "southridge-schools.org"),
        # real ones, near or not
        ("gmail.com", None),
        ("ymail.com", None),
        ("mail.com", None),
        ("mol.com", None),
        ("we.com", None),
        ("gmx.at", None),
        ("gmail.org", None),
        ("comcast.com", None),
        ("nouthridge-schools.org", None),
        ("southridge-schools2.org", None),
        ("yahoo.co.uk", None),
        # several people here have it
        ("gmal.com", None),
        # too far, or too few have what is near
        ("gmolo.com", None),
        ("southbridges-school.com", None),
        ("tyni.example", None),
        ("example.org", None),
        ("gmail", None),
        ("", None),
    ],
)
def test_a_domain_is_meant_that_is_a_slip_away_and_many_use(domain: str, meant: str | None) -> None:
    assert rules.meant(domain, COUNTS) == meant


@pytest.mark.parametrize(
    ("domain", "counts", "meant"),
    [
        # from 40 addresses on
        ("gmial.com", {"gmail.com": 39}, None),
        ("gmial.com", {"gmail.com": 40}, "gmail.com"),
        # up to 8 letters of a name one may differ, of longer ones two; up to 3 none
        ("lnicolnn.com", {"lincolns.com": 40}, None),
        ("lnicolns.com", {"lincolns.com": 40}, "lincolns.com"),
        ("lnicolnsx.com", {"lincolnsy.com": 40}, "lincolnsy.com"),
        ("aox.com", {"aol.com": 40}, None),
        ("aolx.com", {"aolm.com": 40}, "aolm.com"),
        # a missing dot is nearer than two letters
        ("ridgeviewcom", {"ridgeview.com": 40, "ridgeviewcom.org": 99}, "ridgeview.com"),
        # ends that a slip may spoil, and those that are real
        ("ridgeview.edv", {"ridgeview.edu": 40}, "ridgeview.edu"),
        ("ridgeview.gvo", {"ridgeview.gov": 40}, "ridgeview.gov"),
        ("ridgeview.dee", {"ridgeview.de": 40}, None),
        ("rigdeveiw.com", {"ridgeview.com": 40}, "ridgeview.com"),
        ("rigdeveiw.con", {"ridgeview.com": 40}, None),
        ("ridgeview.eu", {"ridgeview.edu": 40}, None),
        ("ridgeview.ne", {"ridgeview.net": 40}, None),
        ("ridgeview.cam", {"ridgeview.com": 40}, None),
        ("ridgeview.bet", {"ridgeview.net": 40}, None),
        ("ridgeview.ret", {"ridgeview.net": 40}, None),
        # a dot too many at the end of what is used
        ("ridgeview.com.", {"ridgeview.com": 3}, "ridgeview.com"),
    ],
)
def test_a_slip_is_told_from_another_domain(domain: str, counts: dict[str, int], meant: str | None) -> None:
    assert rules.meant(domain, counts) == meant


def test_the_nearest_is_meant_then_the_one_that_most_use() -> None:
    assert rules.meant("ridgeviews.com", {"ridgeview.com": 50, "ridgeviewx.com": 60, "ridgevie.com": 99}) == (
        "ridgeviewx.com"
    )


def test_no_domain_is_meant_where_none_is_known() -> None:
    assert rules.meant("gmial.com", {}) is None


def test_those_are_kept_that_several_use_the_most_used_first() -> None:
    counts = {"b.example": 3, "c.example": 2, "a.example": 3, "d.example": 9}
    assert list(rules.used(counts).items()) == [("d.example", 9), ("a.example", 3), ("b.example", 3)]
    assert len(rules.used({f"{i}.example": 3 for i in range(301)})) == 300


@pytest.mark.parametrize(
    ("addresses", "bounced", "kept"),
    [(3, 3, False), (3, 2, True), (1000, 500, True), (1000, 501, False), (50_000, 3, True), (12, 0, True)],
)
def test_a_domain_is_meant_by_nobody_of_whose_addresses_most_come_back(
    addresses: int, bounced: int, *, kept: bool
) -> None:
    told = {"gmial.com": {Word.SENT: bounced, Word.BOUNCED_PERMANENT: bounced}}
    expected = {"gmail.com": 9} | ({"gmial.com": addresses} if kept else {})
    assert rules.good({"gmail.com": 9, "gmial.com": addresses}, told) == expected


@pytest.mark.parametrize(
    ("credential", "causes", "may_be"),
    [
        ("email:a@gmial.com", [Cause.MAILBOX_FULL, Cause.INVALID_ADDRESS], True),
        ("email:a@gmial.com", [Cause.MAILBOX_FULL], False),
        ("email:a@gmial.com", [], False),
        ("phone:+12025550123", [Cause.INVALID_ADDRESS], False),
    ],
)
def test_an_address_may_be_a_slip_that_does_not_exist(
    credential: str, causes: list[Cause], *, may_be: bool
) -> None:
    register = BlockRegister(Ground.BOUNCE, Reach.EMAIL)
    blocks = [Block(register, mark(clock("09:00"), EventHex("0")), cause, None, "ses") for cause in causes]
    assert rules.may_be_a_slip(Credential.of_key(credential), blocks) is may_be
