"""The steps of an import, called as the state machine calls them, over moto's tables and bucket."""

import json
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError

from functions.import_roster.app import handler
from reachable import aws as reachable_aws
from reachable.buckets import roster as roster_bucket
from reachable.flows import import_roster, invite
from reachable.model import addresses
from reachable.model.credential import Credential, CredentialKind
from reachable.model.errors import Changed, Unavailable
from reachable.model.people import AccountStatus, Contact, Holder, Role, RosterKind, User, id_of
from reachable.model.roster_import import ImportState
from reachable.queues import outbound
from reachable.store import dynamodb
from reachable.store.credentials import holders
from reachable.store.roster import reach, records, search
from reachable.store.runs import imports
from tests.functions.wire import cut_off
from tests.roster_exports import Table, district, in_1_2, user, zipped

BUCKET: Final = "roster-files"
CONTEXT: Any = SimpleNamespace(
    function_name="import_roster", memory_limit_in_mb=1769, invoked_function_arn="arn", aws_request_id="1"
)
EMAIL: Final = addresses.email("ada@example.org")
PHONE: Final = addresses.phone("+12025550123", "US")


pytestmark = pytest.mark.usefixtures("aws")


class Run:
    """One execution of the state machine, step by step."""

    def __init__(
        self,
        body: bytes,
        at: str = "2026-11-24T06:00:00Z",
        *,
        key: str | None = None,
        **upload: Any,
    ) -> None:
        self.key = key or f"roster/{at}.zip"
        boto3.client("s3").put_object(Bucket=BUCKET, Key=self.key, Body=body)
        self.at = at
        self.execution = ""
        """Its name; else the time."""
        # EventBridge's own id is none of ours.
        self.upload = {"id": at, "time": at, "detail": {"object": {"key": self.key}}, **upload}
        self.this: dict[str, Any] = {}
        self.chunks_key = ""
        self.answer: dict[str, Any] = {}
        """Of the last step."""

    def step(self, step: str, **rest: Any) -> dict[str, Any]:
        return handler({"step": step, "import": self.this, **rest}, CONTEXT)

    def begin(self) -> bool:
        event = {
            "step": "begin",
            "execution": self.execution or self.at,
            "started_at": self.at,
            "upload": self.upload,
        }
        self.this = handler(event, CONTEXT)
        return bool(self.this["our_turn"])

    def validate(self) -> str:
        answer = self.step("validate", max_removal_share="0.1", max_change_share="0.25")
        self.chunks_key = answer["chunks_key"]
        return str(answer["state"])

    def chunks(self) -> list[Any]:
        found: list[Any] = json.loads(_object(self.chunks_key))
        return found

    def apply(self) -> None:
        for chunk in self.chunks():
            assert self.step("apply", chunk=chunk) == {}

    def whole(self) -> dict[str, Any]:
        """From upload to report; what was counted, or the mail about a refusal."""
        assert self.begin()
        if self.validate() == "refused":
            return self.step("refuse")
        self.apply()
        self.answer = self.step("finish")
        counts: dict[str, Any] = self.answer["counts"]
        return counts

    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(_object(f"reports/{self.this['id']}.json"))
        return found


def _object(key: str) -> bytes:
    return boto3.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()


def _keys() -> set[str]:
    return {one["Key"] for one in boto3.client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]}


def _table(name: str) -> dict[tuple[str, str], Any]:
    """A table as it is, less what an import writes down about itself."""
    pages = dynamodb.client().get_paginator("scan").paginate(TableName=name)
    items = [dynamodb.of_wire(item) for page in pages for item in page["Items"]]
    hash_ = "entity" if name == "roster" else "credential"
    return {(i[hash_], i["item"]): i for i in items if not i[hash_].startswith("import")}


def _state() -> tuple[Any, Any]:
    return _table("roster"), _table("credentials")


def _without(tables: dict[str, Table], sourced_id: str) -> dict[str, Table]:
    return tables | {"users": [row for row in tables["users"] if row["sourcedId"] != sourced_id]}


def _changed(tables: dict[str, Table], sourced_id: str, **columns: str) -> dict[str, Table]:
    return tables | {
        "users": [row | columns if row["sourcedId"] == sourced_id else row for row in tables["users"]]
    }


def _user(sourced_id: str) -> User:
    found = records.user(id_of(RosterKind.USER, sourced_id))
    assert found is not None
    return found


def _contact(sourced_id: str) -> Contact | None:
    id_ = id_of(RosterKind.USER, sourced_id)
    return reach.contacts([id_]).get(id_)


def _holder(of: Credential, sourced_id: str) -> Holder:
    [found] = [h for h in holders.of(of) if h.user_id == id_of(RosterKind.USER, sourced_id)]
    return found


def test_a_district_is_there_after_its_import() -> None:
    counts = Run(zipped(district())).whole()
    assert counts["created"] == {"school": 2, "class": 1, "student": 2, "user": 4}
    ada = _user("ada")
    assert (ada.name, ada.role, ada.typed["phone"]) == ("Ada Reyes", Role.GUARDIAN, "(202) 555-0123")  # type: ignore[index] # a StrEnum is its word
    assert [student.name for student in ada.students] == ["Bo Reyes"]
    assert [school.name for school in records.schools(ada.schools)] == ["North School"]
    assert {h.name for h in holders.of(PHONE)} == {"Ada Reyes", "Dennis Reyes"}
    bo = records.student(id_of(RosterKind.STUDENT, "bo"))
    assert bo is not None
    assert [(g.name, g.relation) for g in bo.guardians] == [
        ("Ada Reyes", "parent"),
        ("Dennis Reyes", "parent"),
    ]
    assert [class_.title for class_ in records.classes(_user("tess").classes)] == ["Art"]


def test_the_same_file_twice_writes_nothing_the_second_time(counted_writes: list[str]) -> None:
    Run(zipped(district())).whole()
    before = _state()
    counted_writes.clear()
    counts = Run(zipped(district()), "2026-11-25T06:00:00Z").whole()
    assert counts["items"] == {}
    assert counts["unchanged"] == {"school": 2, "class": 1, "student": 2, "user": 4}
    assert _state() == before
    assert [key for key in counted_writes if not key.startswith(("import", "staff#"))] == []


@pytest.fixture
def counted_writes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The partition of every item that is written, as the wire sees it."""
    written: list[str] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        requests = [r for rs in params.get("RequestItems", {}).values() for r in rs if isinstance(r, dict)]
        keys = [
            r.get("PutRequest", {}).get("Item") or r.get("DeleteRequest", {}).get("Key") for r in requests
        ]
        partitions = {"entity", "credential", "subject"}
        for key in filter(None, [*keys, params.get("Key"), params.get("Item")]):
            written.extend(value["S"] for name, value in key.items() if name in partitions)

    for operation in ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"):
        dynamodb.client().meta.events.register(f"provide-client-params.dynamodb.{operation}", note)
    return written


def test_a_broken_file_writes_nobody() -> None:
    Run(zipped(district())).whole()
    before = _state()
    broken = district() | {"users": [*district()["users"], user("zoe", "parent", "Zoe New")]}
    run = Run(zipped(broken, files={"orgs.csv": b"sourcedId;name;type\n"}), "2026-11-25T06:00:00Z")
    mail = run.whole()
    assert (mail["tell"], mail["subject"]) == (True, "Reachable: a roster was refused")
    assert _state() == before
    assert "not_commas" in mail["message"]
    assert f"reports/{run.this['id']}.csv" in mail["message"]
    [problem] = run.report()["problems"]["listed"]
    assert (problem["file"], problem["line"], problem["figures"]) == ("orgs.csv", 1, ";")
    assert b"not_commas" in _object(f"reports/{run.this['id']}.csv")
    known = imports.known(run.this["id"])
    assert known is not None
    assert (known.state, known.refused) == (ImportState.REFUSED, True)


def test_a_line_that_cannot_be_read_costs_itself_alone_and_is_told_by_mail() -> None:
    Run(zipped(district())).whole()
    ada = _user("ada")
    users = [
        user("zoe", "parent", "Zoe New", email="zoe@example.org"),
        *district()["users"],
        user("ada", "parent", "Somebody Else", email="else@example.org"),
    ]
    run = Run(zipped(_changed(district() | {"users": users}, "eve", givenName="Eva")), "2026-11-25T06:00:00Z")
    run.whole()
    assert _user("ada") == ada
    assert (_user("zoe").given_name, _user("eve").given_name) == ("Zoe", "Eva")
    mail = run.answer
    assert (mail["tell"], mail["subject"]) == (
        True,
        "Reachable: a roster was imported, but look at its report",
    )
    assert "1 x id_twice" in mail["message"]
    assert "users.csv: read: 8, taken: 7, left out: 1 (id_twice: 1)" in mail["message"]
    assert f"reports/{run.this['id']}.csv" in mail["message"]
    [problem] = run.report()["problems"]["listed"]
    assert (problem["line"], problem["sourced_id"], problem["figures"]) == (
        9,
        "ada",
        "givenName familyName email phone",
    )
    known = imports.known(run.this["id"])
    assert known is not None
    assert (known.state, known.refused) == (ImportState.DONE, False)


def test_of_an_import_in_which_every_line_was_read_no_mail_goes() -> None:
    run = Run(zipped(_changed(district(), "eve", sms="555-0124 x12")))
    run.whole()
    assert run.answer["tell"] is False


def test_a_line_that_does_not_tell_whose_it_is_removes_nobody() -> None:
    Run(zipped(district())).whole()
    unread = [
        row | {"sourcedId": "" if row["sourcedId"] == "eve" else row["sourcedId"]}
        for row in district()["users"]
    ]
    Run(zipped(district() | {"users": unread}), "2026-11-25T06:00:00Z").whole()
    assert _user("eve").credentials[CredentialKind.EMAIL].address == "eve@example.org"
    assert _user("eve").students


@pytest.mark.parametrize("again", ["finish", "refuse"])
def test_a_last_step_whose_answer_was_lost_answers_the_same_once_more(again: str) -> None:
    Run(zipped(district())).whole()
    users = [*district()["users"], user("ada", "parent", "Somebody Else")]
    tables = district() | {"users": users} if again == "finish" else _without(district(), "eve")
    run = Run(zipped(tables), "2026-11-25T06:00:00Z")
    first = run.whole() if again == "refuse" else (run.whole(), run.answer)[1]
    keys = _keys()
    assert Run(zipped(district()), "2026-11-26T06:00:00Z").begin()  # the next one has the turn
    assert run.step(again) == first
    assert first["tell"] is True
    assert keys <= _keys()
    known = imports.known(run.this["id"])
    assert known is not None
    assert known.state is (ImportState.DONE if again == "finish" else ImportState.REFUSED)


def test_the_rows_are_of_the_day_of_their_upload_however_late_they_were_written() -> None:
    Run(zipped(district()), "2026-06-10T23:55:00Z").whole()
    assert roster_bucket.date_of(roster_bucket.STATE) == date(2026, 6, 10)
    boto3.client("s3").put_object(Bucket=BUCKET, Key="state/rows.jsonl.gz", Body=b"")  # of the version before
    assert roster_bucket.date_of(roster_bucket.STATE) >= date(2026, 11, 27)


def test_roles_that_end_over_midnight_are_no_end_of_a_year() -> None:
    """Uploaded before midnight, written after it: the next night sees whom the day has taken."""
    tables = in_1_2()
    tables["roles"] = [row | {"endDate": "2026-06-10"} for row in tables["roles"]]
    zip_ = zipped(tables, version="1.2")
    Run(zip_, "2026-06-10T23:55:00Z").whole()
    mail = Run(zip_, "2026-06-11T23:55:00Z").whole()
    assert "too_much_removed" in mail["message"]
    assert "users: 4 of 4" in mail["message"]


# A dry run


def test_a_dry_run_that_fails_on_our_side_tells_nobody() -> None:
    run = Run(zipped(district()))
    assert run.begin()
    assert run.step("fail", failure={"Error": "Lambda.Unknown"})["tell"] is True
    run.this["dry_run"] = True
    assert run.step("fail", failure={"Error": "Lambda.Unknown"}) == {"tell": False}


def test_a_dry_run_reports_what_an_import_would_do_and_writes_nothing_else() -> None:
    Run(zipped(district())).whole()
    before, state = _state(), _object("state/rows.jsonl.gz")
    tables = _changed(_without(district(), "dennis"), "bo", agentSourcedIds="ada")
    more = tables | {"users": [*tables["users"], user("zoe", "parent", "Zoe New", email="zoe@example.org")]}
    run = Run(zipped(more), "2026-11-25T06:00:00Z", force=True)
    assert run.begin()
    run.this["dry_run"] = True
    assert run.validate() == "valid"
    run.apply()
    answer = run.step("finish")
    assert (answer["tell"], _state(), _object("state/rows.jsonl.gz")) == (False, before, state)
    foreseen = answer["counts"]
    assert run.report()["state"] == "checked"
    known = imports.known(run.this["id"])
    assert known is not None
    assert (known.state, known.dry_run, known.refused) == (ImportState.CHECKED, False, False)

    done = Run(zipped(more), "2026-11-26T06:00:00Z", force=True).whole()
    for what in ("created", "changed", "removed", "unchanged"):
        assert foreseen[what] == done[what], what


def test_a_dry_run_of_what_would_be_refused_is_checked_too_and_tells_nobody() -> None:
    Run(zipped(district())).whole()
    before = _state()
    run = Run(zipped(_without(district(), "eve")), "2026-11-25T06:00:00Z")
    assert run.begin()
    run.this["dry_run"] = True
    assert run.validate() == "refused"
    assert run.step("refuse") == {"tell": False}
    assert _state() == before
    known = imports.known(run.this["id"])
    assert known is not None
    assert (known.state, known.refused) == (ImportState.CHECKED, True)
    assert known.problems["too_much_removed"] >= 1


def test_a_dry_run_foresees_who_comes_back_as_created_and_who_was_half_written_as_changed() -> None:
    Run(zipped(district())).whole()
    Run(zipped(_without(district(), "eve")), "2026-11-25T06:00:00Z", force=True).whole()
    run = Run(zipped(district()), "2026-11-26T06:00:00Z")
    assert run.begin()
    run.this["dry_run"] = True
    assert run.validate() == "valid"
    run.apply()
    counts = run.step("finish")["counts"]
    assert counts["created"] == {"user": 1}
    assert counts["removed"] == {}


# What grows


def test_a_contact_of_hundreds_of_students_is_told_and_tied_to_nobody() -> None:
    tables = district()
    pupils = [user(f"u{n}", "student", f"Pupil N{n}", agentSourcedIds="office,ada") for n in range(101)]
    office = user("office", "guardian", "See Office", sms="202 555 0150")
    tables["users"] = [*tables["users"], *pupils, office]
    run = Run(zipped(tables))
    run.whole()
    told = {p["sourced_id"]: p["figures"] for p in run.report()["problems"]["listed"]}
    assert told == {"office": "students: 101", "ada": "students: 102"}
    assert (_user("office").students, _user("ada").students) == ((), ())


def test_a_file_that_is_no_zip_is_refused() -> None:
    run = Run(b"PK\x03\x04 not really")
    assert "not_a_zip" in run.whole()["message"]


def test_an_unusable_address_is_reported_and_the_user_kept() -> None:
    run = Run(zipped(_changed(district(), "eve", email="none@none.com", sms="555-0124 x12")))
    run.whole()
    assert {p["kind"] for p in run.report()["problems"]["listed"]} == {"email_placeholder", "phone_extension"}
    assert _user("eve").credentials == {}


def test_who_leaves_and_comes_back_finds_everything_as_it_was() -> None:
    tables = _changed(district(), "dennis", enabledUser="false")
    Run(zipped(tables)).whole()
    pending, holder = _contact("dennis"), _holder(PHONE, "dennis")
    assert pending is not None
    assert pending.account_status is AccountStatus.PENDING
    reach.activate(_user("dennis"))
    Run(zipped(_without(tables, "dennis")), "2026-11-25T06:00:00Z", force=True).whole()
    assert _contact("dennis") is None
    assert records.user(id_of(RosterKind.USER, "dennis")) is None
    assert _search("dennis") == []
    assert _holder(PHONE, "dennis").until is not None
    Run(zipped(tables), "2026-11-26T06:00:00Z").whole()
    back = _contact("dennis")
    assert back is not None
    assert (back.account_status, back.credentials) == (AccountStatus.ACTIVE, pending.credentials)
    assert _holder(PHONE, "dennis") == holder


def _search(*words: str, status: AccountStatus | None = None) -> list[str]:
    page = search.by_name(words, kind=RosterKind.USER, schools=None, limit=50, account_status=status)
    return [one.name for one in page.items]


def test_the_sis_never_changes_an_account_status() -> None:
    Run(zipped(district())).whole()
    Run(zipped(_changed(district(), "ada", enabledUser="false")), "2026-11-25T06:00:00Z").whole()
    assert _user("ada").account_status is AccountStatus.ACTIVE


def test_pending_accounts_are_listed_until_they_are_active() -> None:
    Run(zipped(_changed(district(), "ada", enabledUser="false"))).whole()
    assert _search(status=AccountStatus.PENDING) == ["Ada Reyes"]
    assert reach.activate(_user("ada"))
    assert _search(status=AccountStatus.PENDING) == []
    assert not [key for key in _table("roster") if key[0].startswith("search#pending#")]


def test_a_corrected_address_is_held_anew_and_the_old_one_formerly() -> None:
    Run(zipped(district())).whole()
    old = _holder(EMAIL, "ada")
    corrected = _changed(district(), "ada", email="ada.reyes@example.org")
    Run(zipped(corrected), "2026-11-25T06:00:00Z", force=True).whole()
    new = _holder(addresses.email("ada.reyes@example.org"), "ada")
    former = _holder(EMAIL, "ada")
    assert (former.since, former.until) == (old.since, new.since)
    assert new.until is None
    assert _holder(PHONE, "ada").since == old.since


def test_labels_follow_the_holders_of_a_phone() -> None:
    Run(zipped(district())).whole()
    assert _labels() == ["For Ada: ", "For Dennis: "]
    named_alike = _changed(district(), "dennis", givenName="ada", **{"metadata.language": "es"})
    Run(zipped(named_alike), "2026-11-25T06:00:00Z").whole()
    assert _labels() == ["For Ada R.: ", "Para ada R.: "]
    Run(zipped(_without(district(), "dennis")), "2026-11-26T06:00:00Z", force=True).whole()
    assert _labels() == [None, None]


def _labels() -> list[str | None]:
    found = (_contact(sourced_id) for sourced_id in ("ada", "dennis"))
    return [None if contact is None else contact.label for contact in found]


def test_a_delta_changes_only_what_it_names() -> None:
    Run(zipped(district())).whole()
    delta: dict[str, Table] = {
        "users": [
            user("eve", "guardian", "Eve Harte", status="active", email="eve@example.org"),
            user("dennis", "parent", "Dennis Reyes", status="tobedeleted"),
        ]
    }
    run = Run(zipped(delta, "delta"), "2026-11-25T06:00:00Z", force=True)
    counts = run.whole()
    assert counts["changed"] == {"student": 2, "user": 2}  # Ada is alone on her phone now: no label
    assert counts["removed"] == {"user": 1}
    lu = records.student(id_of(RosterKind.STUDENT, "lu"))
    assert lu is not None
    assert [guardian.name for guardian in lu.guardians] == ["Eve Harte"]


@pytest.mark.parametrize(
    ("tables", "figures"),
    [
        (_without(district(), "eve"), "users: 1 of 4"),
        (_changed(district(), "eve", email=""), "emails: 1 of 3"),
        (_changed(district(), "eve", email="eva@example.org"), "emails: 1 of 3"),
        (_changed(district(), "eve", sms="202 555 0199"), "phones: 1 of 3"),
        (_changed(district(), "lu", agentSourcedIds=""), "guardianships: 1 of 3"),
        (district() | {"enrollments": district()["enrollments"][:1]}, "enrollments: 1 of 2"),
    ],
)
def test_an_export_that_takes_too_much_away_is_refused_unless_forced(
    tables: dict[str, Table], figures: str
) -> None:
    Run(zipped(district())).whole()
    before = _state()
    refused = Run(zipped(tables), "2026-11-25T06:00:00Z")
    assert figures in refused.whole()["message"]
    assert _state() == before
    assert "message" not in Run(zipped(tables), "2026-11-26T06:00:00Z", force=True).whole()
    assert _state() != before


def test_a_bulk_export_without_a_file_that_is_stored_is_refused_unless_forced() -> None:
    Run(zipped(district())).whole()
    less = {name: table for name, table in district().items() if name != "enrollments"}
    assert "file_missing" in Run(zipped(less), "2026-11-25T06:00:00Z").whole()["message"]
    Run(zipped(less), "2026-11-26T06:00:00Z", force=True).whole()
    assert _user("tess").classes != ()  # what an export does not speak of stays


def test_the_last_good_file_puts_everything_back() -> None:
    Run(zipped(district())).whole()
    before = _state()[0]
    Run(zipped(_changed(district(), "ada", familyName="Rey", email="x@example.org")), force=True).whole()
    Run(zipped(district()), "2026-11-26T06:00:00Z", force=True).whole()
    after = _state()[0]
    former = [key for key in before if before[key] != after[key] and key[1] != "profile"]
    assert (former, set(before)) == ([], set(after))


@pytest.mark.parametrize("again", ["the same file", "another"])
@pytest.mark.parametrize("crash_at", range(9))
def test_a_run_that_dies_anywhere_is_made_good_by_the_next(crash_at: int, again: str) -> None:
    """The second district differs in names, schools, addresses and people; the third is of other names.

    The mail about a failure says that the same file mends it.
    """
    second = _without(
        _changed(district(), "ada", givenName="Adele", familyName="King", email="a.king@example.org"), "eve"
    )
    other = _changed(district(), "ada", givenName="Agnes", orgSourcedIds="south", sms="202 555 0177")
    third = second if again == "the same file" else other
    Run(zipped(district())).whole()
    dying = Run(zipped(second), "2026-11-25T06:00:00Z", force=True)
    assert dying.begin()
    dying.validate()
    calls = iter(range(1, 1000))

    def dies(model: Any, **_: Any) -> None:
        if model.name in {"BatchWriteItem", "UpdateItem"} and next(calls) > crash_at:
            raise EndpointConnectionError(endpoint_url="dynamodb")

    events = dynamodb.client().meta.events
    events.register_first("before-call.dynamodb", dies)
    with pytest.raises(EndpointConnectionError):
        dying.apply()
    events.unregister("before-call.dynamodb", dies)
    dying.step("fail", failure={"Error": "Unavailable"})
    Run(zipped(third), "2026-11-26T06:00:00Z", force=True).whole()
    after = _table("roster")
    Run(zipped(third), "2026-11-27T06:00:00Z", force=True).whole()
    assert _table("roster") == after
    assert _lists(after) == _fresh_lists(third)


def _lists(items: dict[tuple[str, str], Any]) -> dict[tuple[str, str], Any]:
    """Everything that is derived: all but profiles (which know what was held before) and what is gone."""
    own = ("profile", "reach")
    return {k: item for k, item in items.items() if k[1] not in own and "listing" not in k[0]}


def _fresh_lists(tables: dict[str, Table]) -> dict[tuple[str, str], Any]:
    """What an import of these tables alone gives."""
    for name in ("roster", "credentials"):
        client = dynamodb.client()
        described = client.describe_table(TableName=name)["Table"]
        client.delete_table(TableName=name)
        client.create_table(
            TableName=name,
            KeySchema=described["KeySchema"],
            AttributeDefinitions=described["AttributeDefinitions"],
            BillingMode="PAY_PER_REQUEST",
        )
    Run(zipped(tables), "2026-12-01T06:00:00Z", force=True).whole()
    return _lists(_table("roster"))


def test_two_uploads_run_one_after_the_other_the_earlier_first() -> None:
    earlier, later = Run(zipped(district())), Run(zipped(district()), "2026-11-25T06:00:00Z")
    assert earlier.begin()
    assert not later.begin()
    earlier.validate()
    earlier.apply()
    earlier.step("finish")
    assert later.begin()


def test_a_run_that_lost_its_turn_writes_nothing_more() -> None:
    slow = Run(zipped(district()))
    assert slow.begin()
    slow.validate()
    imports.give_turn(slow.at)
    assert Run(zipped(district()), "2026-11-25T06:00:00Z").begin()
    with pytest.raises(Changed):
        slow.apply()


def test_what_an_import_goes_by_is_read_consistently() -> None:
    """Who waits, and what is listed: an old answer would let two runs write, or write nobody."""
    asked: list[tuple[str, Any]] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        partition = params["ExpressionAttributeValues"][":e"]["S"].partition("#")[0]
        asked.append((partition, params.get("ConsistentRead")))

    events = dynamodb.client().meta.events
    events.register("provide-client-params.dynamodb.Query", note)
    Run(zipped(district())).whole()
    events.unregister("provide-client-params.dynamodb.Query", note)
    statistics = ("stats", None)  # which advise only, and are approximate
    assert set(asked) == {("import", True), ("listing", True), statistics}


@pytest.mark.parametrize("step", ["validate", "finish"])
def test_a_run_that_lost_its_turn_says_nothing_more_of_itself_either(step: str) -> None:
    slow = Run(zipped(district()))
    assert slow.begin()
    if step == "finish":
        slow.validate()
        slow.apply()
    imports.give_turn(slow.at)
    assert Run(zipped(district()), "2026-11-25T06:00:00Z").begin()
    known, objects = imports.known(slow.this["id"]), _keys()
    with pytest.raises(Changed):
        slow.validate() if step == "validate" else slow.step(step)
    assert (imports.known(slow.this["id"]), _keys()) == (known, objects)


def test_every_import_is_in_the_audit() -> None:
    run = Run(zipped(district()))
    run.whole()
    items = [dynamodb.of_wire(item) for item in dynamodb.client().scan(TableName="audit")["Items"]]
    assert items == [
        {
            "subject": "staff#aws:s3",
            "item": f"2026-11-24T06:00:00.000000+00:00#{run.this['id']}",
            "act": "imported",
            "by": "aws:s3",
            "details": {"import": run.this["id"], "state": "done", "forced": "false"},
            "expires_at": 2016252000,
        }
    ]


def test_a_report_says_what_was_read_and_how_it_compares() -> None:
    Run(zipped(district())).whole()
    run = Run(zipped(_without(district(), "eve")), "2026-11-25T06:00:00Z", force=True)
    run.whole()
    report = run.report()
    assert set(report) == {"import", "state", "at", "counts", "version", "files", "compared", "problems"}
    assert (report["state"], report["version"]) == ("done", "1.1")
    assert {file: counts["read"] for file, counts in report["files"].items()} == {
        "orgs.csv": 3,
        "users.csv": 5,
        "classes.csv": 1,
        "enrollments.csv": 2,
    }
    lines = _object(f"reports/{run.this['id']}.csv").decode("utf-8-sig").splitlines()
    assert 'note,users.csv,,,lines,,"read: 5, taken: 5",' in lines
    assert report["compared"]["users"] == {"before": 4, "removed": 1, "changed": 0}


# Invitations


BEFORE, FROM_DAY, AFTER = "2026-11-24T23:59:59Z", "2026-11-25T00:00:00Z", "2026-11-26T06:00:00Z"


@pytest.fixture
def inviting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The district invites from 25 November on."""
    monkeypatch.setattr(import_roster, "INVITATIONS_FROM", date(2026, 11, 25))


def _with(tables: dict[str, Table], *users: dict[str, str]) -> dict[str, Table]:
    return tables | {"users": [*tables["users"], *users]}


def _new(sourced_id: str, **columns: str) -> dict[str, str]:
    """A guardian whose account is pending."""
    columns = {"email": f"{sourced_id}@example.org", **columns}
    return user(sourced_id, "guardian", f"{sourced_id.title()} New", enabledUser="false", **columns)


QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/outbound"


def _invited() -> list[tuple[str, str]]:
    """Who has been invited since this was asked last, and by what channel."""
    client, url, found = boto3.client("sqs"), QUEUE, []
    while some := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        for one in some:
            message = outbound.read(one["Body"])
            assert message.purpose == "invitation"
            found.append((message.user_id, message.channel.value))
            client.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
    names = {id_of(RosterKind.USER, name): name for name in ("kim", "lee", "mia", "ada", "dennis")}
    return sorted((names[user_id], channel) for user_id, channel in found)


def test_who_is_created_as_pending_from_the_day_on_is_invited_once(inviting: None) -> None:
    Run(zipped(_with(district(), _new("kim"))), BEFORE).whole()
    assert _invited() == []
    later = _with(district(), _new("kim"), _new("lee"), _new("mia", email="", sms="202 555 0150"))
    Run(zipped(later), FROM_DAY).whole()
    assert _invited() == [("lee", "email"), ("mia", "sms")]
    Run(zipped(later), AFTER).whole()
    Run(zipped(_changed(later, "lee", familyName="Newer")), AFTER, force=True).whole()
    assert _invited() == []


def test_without_a_day_nobody_is_invited() -> None:
    Run(zipped(_with(district(), _new("kim"))), AFTER).whole()
    assert _invited() == []


def test_an_active_account_and_one_that_comes_back_are_not_invited(inviting: None) -> None:
    tables = _with(district(), _new("kim"))
    Run(zipped(tables), BEFORE).whole()
    Run(zipped(_without(tables, "kim")), FROM_DAY, force=True).whole()
    Run(zipped(_with(tables, user("lee", "parent", "Lee New", email="lee@example.org"))), AFTER).whole()
    assert _invited() == []


def test_who_has_neither_email_nor_phone_is_invited_when_there_is_one(inviting: None) -> None:
    tables = _with(district(), _new("kim", email=""))
    Run(zipped(tables), FROM_DAY).whole()
    assert _invited() == []
    reachable = _changed(tables, "kim", email="kim@example.org")
    Run(zipped(reachable), AFTER, force=True).whole()
    assert _invited() == [("kim", "email")]


def test_a_chunk_that_is_applied_twice_invites_once(inviting: None) -> None:
    run = Run(zipped(_with(district(), _new("kim"))), FROM_DAY)
    run.begin()
    run.validate()
    run.apply()
    run.apply()
    assert _invited() == [("kim", "email")]


@pytest.mark.parametrize("dies_at", range(17))
@pytest.mark.parametrize("repeated", ["the step", "the next import"])
def test_an_import_that_dies_anywhere_loses_no_invitation_and_sends_none_twice(
    dies_at: int, repeated: str, inviting: None
) -> None:
    """The user's own writes, then each message's dedup id, record, place on the queue and note, the mark."""
    Run(zipped(district()), BEFORE).whole()
    tables = _with(district(), _new("kim"), _new("lee"))
    run = Run(zipped(tables), FROM_DAY)
    run.begin()
    run.validate()
    calls = iter(range(1000))

    def dies(model: Any, **_: Any) -> None:
        if model.name in _WRITES and next(calls) >= dies_at:
            raise EndpointConnectionError(endpoint_url="aws")

    clients = (dynamodb.client(), reachable_aws.client("sqs"))
    for client in clients:
        client.meta.events.register_first("before-call", dies)
    with pytest.raises((Unavailable, EndpointConnectionError)):
        run.apply()
    for client in clients:
        client.meta.events.unregister("before-call", dies)
    if repeated == "the step":
        run.apply()
    else:
        run.step("fail", failure={"Error": "Unavailable"})
        Run(zipped(tables), AFTER).whole()
    assert set(_invited()) == {("kim", "email"), ("lee", "email")}
    assert _recorded() == [f"invitation:{id_of(RosterKind.USER, name)}" for name in ("kim", "lee")]
    assert not [item for item in _table("roster").values() if "uninvited" in item]


_WRITES: Final = frozenset({"BatchWriteItem", "UpdateItem", "PutItem", "SendMessage"})


def _recorded() -> list[str]:
    """The messages that there are: what comes twice on the queue is the same one, and is sent once."""
    items = dynamodb.client().scan(TableName="messages")["Items"]
    found = [item["dedup_id"]["S"] for item in items if item["entity"]["S"].startswith("user#")]
    order = [id_of(RosterKind.USER, name) for name in ("kim", "lee")]
    return sorted(found, key=lambda one: order.index(one.partition(":")[2]))


def test_who_accepted_before_the_invitation_could_go_is_not_invited(inviting: None) -> None:
    run = Run(zipped(_with(district(), _new("kim"))), FROM_DAY)
    run.begin()
    run.validate()
    with (
        cut_off(reachable_aws.client("sqs"), "SendMessage"),
        pytest.raises((Unavailable, EndpointConnectionError)),
    ):
        run.apply()
    reach.activate(_user("kim"))
    run.apply()
    assert _invited() == []


def test_many_invitations_are_queued_in_several_calls(
    inviting: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invite, "LIMIT", 2)
    run = Run(zipped(_with(district(), *map(_new, ("kim", "lee", "mia")))), FROM_DAY)
    run.whole()
    assert [name for name, _ in _invited()] == ["kim", "lee", "mia"]


@pytest.mark.parametrize(("waited", "seconds"), [(0, 10), (100, 10), (300, 30), (600, 60), (90_000, 60)])
def test_who_waits_for_a_turn_asks_seldomer_the_longer_it_lasts(waited: int, seconds: int) -> None:
    """A state machine's history ends with 25,000 events."""
    began = datetime(2026, 11, 24, 6, tzinfo=UTC)
    assert import_roster.wait_seconds(began, began + timedelta(seconds=waited)) == seconds
