"""Rosters on the deployed stack, as a Rostering Administrator meets them: over the API alone."""

from collections.abc import Iterator
from typing import Final

import pytest

from reachable.model.people import RosterKind, id_of
from tests.stack.people import Person, person
from tests.stack.rosters import Rosters, Row, export
from tools.sample_district import build_zip
from tools.stack import Stack

_CORRECTED: Final = "gua-080"
"""A guardian whom no other test needs."""


@pytest.fixture(scope="module")
def rosters(stack: Stack) -> Rosters:
    return Rosters(stack)


@pytest.fixture
def guardian(stack: Stack, rosters: Rosters) -> Iterator[Person]:
    """Somebody with the sample district's own email, before and after."""
    yield from person(stack, id_of(RosterKind.USER, _CORRECTED))
    rosters.ended(rosters.upload(build_zip()))


def test_the_same_roster_again_writes_nobody(rosters: Rosters) -> None:
    rosters.ended(rosters.upload(build_zip()))
    again = rosters.ended(rosters.upload(build_zip()))
    assert (again["state"], again["counts"]["items"]) == ("done", {})
    assert again["counts"]["unchanged"]["student"] == 60


def test_a_corrected_email_has_its_own_status_and_the_old_one_is_shown_as_former(
    stack: Stack, rosters: Rosters, guardian: Person
) -> None:
    before = rosters.upload(build_zip())
    rosters.ended(before)
    old = guardian.address("email")
    mark = {"credential": "email", "note": "It came back on paper."}
    path = f"/users/{guardian.user_id}/blocks"
    assert stack.api("POST", path, mark, guardian.staff).status == 200

    def correct(rows: list[Row]) -> list[Row]:
        return [
            row | {"email": "corrected@example.org"} if row["sourcedId"] == _CORRECTED else row
            for row in rows
        ]

    imported = rosters.ended(rosters.upload(export(correct)))
    assert (imported["state"], imported["counts"]["changed"]) == ("done", {"user": 1})
    told = [
        (one["value"], one["status"], one["former"])
        for one in guardian.profile()["credentials"]
        if one["kind"] == "email"
    ]
    assert told == [("corrected@example.org", "good", False), (old, "bad", True)]
    assert any("was corrected on" in one["text"] for one in guardian.profile()["guidance"])
    assert (guardian.check("email")["send"], guardian.check("email")["credential"]) == (
        True,
        "email:corrected@example.org",
    )

    assert rosters.force(before)["state"] == "done"  # the last good one puts everything back
    assert (guardian.address("email"), guardian.credential("email")["status"]) == (old, "bad")
    assert "marked" in [one["kind"] for one in guardian.events("email")]


def test_a_broken_export_changes_nothing_until_it_is_forced(stack: Stack, rosters: Rosters) -> None:
    before = rosters.upload(build_zip())
    rosters.ended(before)

    def halve(rows: list[Row]) -> list[Row]:
        return [row for row in rows if not (row["sourcedId"] > "gua-060" and row["sourcedId"] < "gua-999")]

    half = rosters.upload(export(halve))
    refused = rosters.ended(half)
    assert (refused["state"], refused["can_be_forced"]) == ("refused", True)
    assert {one["kind"] for one in refused["problems"] if one["severity"] == "error"} == {"too_much_removed"}
    report = stack.call("GET", refused["report_url"], None, {})
    assert "too_much_removed" in str(report.body)
    lost = id_of(RosterKind.USER, "gua-070")
    shown = stack.api("GET", f"/users/{lost}", token=rosters.token)
    assert shown.status == 200
    try:
        assert rosters.force(half)["state"] == "done"
        assert stack.api("GET", f"/users/{lost}", token=rosters.token).status == 404
    finally:
        assert rosters.force(before)["state"] == "done"
    back = stack.api("GET", f"/users/{lost}", token=rosters.token).body
    held = [one["held_since"] for one in back["credentials"]]
    assert held == [one["held_since"] for one in shown.body["credentials"]]


def test_a_dry_run_says_what_would_happen_and_writes_nobody(stack: Stack, rosters: Rosters) -> None:
    rosters.ended(rosters.upload(build_zip()))
    eve = id_of(RosterKind.USER, _CORRECTED)
    before = stack.api("GET", f"/users/{eve}", token=rosters.token).body["etag"]

    def rename(rows: list[Row]) -> list[Row]:
        return [row | {"givenName": "Renamed"} if row["sourcedId"] == _CORRECTED else row for row in rows]

    checked = rosters.ended(rosters.upload(export(rename), dry_run=True))
    assert (checked["state"], checked["dry_run"], checked["refused"]) == ("checked", True, False)
    assert checked["counts"]["changed"]["user"] >= 1
    assert checked["files"]["users.csv"]["read"] == checked["files"]["users.csv"]["taken"]
    report = stack.call("GET", checked["report_url"], None, {})
    assert report.status == 200
    assert stack.api("GET", f"/users/{eve}", token=rosters.token).body["etag"] == before

    refused = rosters.ended(rosters.upload(export(lambda rows: rows[: len(rows) // 2]), dry_run=True))
    assert (refused["state"], refused["refused"], refused["can_be_forced"]) == ("checked", True, False)
    assert refused["problem_counts"]["too_much_removed"] >= 1


def test_a_line_that_cannot_be_read_costs_itself_alone(stack: Stack, rosters: Rosters) -> None:
    rosters.ended(rosters.upload(build_zip()))

    def spoil(rows: list[Row]) -> list[Row]:
        return [*rows, rows[0] | {"givenName": "Somebody", "familyName": "Else"}]

    done = rosters.ended(rosters.upload(export(spoil)))
    assert (done["state"], done["refused"], done["problem_counts"]["id_twice"]) == ("done", False, 1)
    assert done["files"]["users.csv"]["left_out"] == {"id_twice": 1}
    assert done["counts"]["items"] == {}


def test_two_uploads_at_once_run_one_after_the_other(rosters: Rosters) -> None:
    ids = [rosters.upload(build_zip()) for _ in range(2)]
    first, second = sorted((rosters.ended(id_) for id_ in ids), key=lambda told: told["times"]["validating"])
    assert first["state"] == second["state"] == "done"
    assert second["times"]["validating"] >= first["times"]["done"]


def test_what_is_no_export_is_refused_with_what_to_do(rosters: Rosters) -> None:
    id_ = rosters.upload(b"not a zip")
    refused = rosters.ended(id_)
    [problem] = refused["problems"]
    assert (problem["kind"], refused["can_be_forced"]) == ("not_a_zip", False)
    assert rosters.api("POST", f"/imports/{id_}/force").status == 409


def test_imports_are_listed_newest_first(rosters: Rosters) -> None:
    listed = rosters.api("GET", "/imports?limit=3").body["items"]
    ids = [one["id"] for one in listed]
    assert ids == sorted(ids, reverse=True)


@pytest.mark.parametrize("login", ["teacher", "school_staff", "district", "user_manager"])
def test_imports_are_the_rostering_administrators_alone(stack: Stack, login: str) -> None:
    token = stack.token(login)
    for method, path in (
        ("POST", "/imports"),
        ("GET", "/imports"),
        ("GET", "/imports/x"),
        ("POST", "/imports/x/force"),
    ):
        assert stack.api(method, path, token=token).status == 403
