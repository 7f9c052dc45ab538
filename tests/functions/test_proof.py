"""A sign-in with a credential that bounced (`LiftOnProof`): told to staff, or what opens it again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from random import Random
from threading import Lock
from typing import Any

import pytest
import time_machine

from functions.profiles.app import handler as profiles
from functions.reset.app import handler as resetting
from functions.sends.app import handler as sends
from reachable.flows import apply, prove
from reachable.model.bus_event import StatusMoved
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Kind, Permanence
from reachable.model.history import HistoryKind
from reachable.model.people import User
from reachable.model.status import GOOD, Lift, Status
from reachable.rules import announcements
from reachable.rules import status as status_rules
from reachable.store import dynamodb
from reachable.store.credentials import history, holders, keys, registers, stream
from tests import rights
from tests.builders import clock, delivery_event, text_event
from tests.functions import district, streams, wire
from tests.functions.api import Answer, call
from tests.functions.district import ADA, DENNIS, NORTH

pytestmark = pytest.mark.usefixtures("at_noon")

EMAIL = ADA.credentials[CredentialKind.EMAIL]
PHONE = ADA.credentials[CredentialKind.PHONE]
RECEIVED = clock("09:02")


@pytest.fixture
def at_noon(at_nine: time_machine.Traveller) -> None:
    """A bounce of nine o'clock, of which everybody knows by now."""
    at_nine.move_to(clock("12:00"))


@pytest.fixture
def lifting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The option is on."""
    monkeypatch.setattr(prove, "LIFTS", True)


def bounced(sent: str = "09:00", **event: Any) -> None:
    told = {"address": EMAIL.address, "event_id": f"e{sent}", "sent_at": clock(sent), "occurred_at": None}
    apply.event(delivery_event(**told | event), clock(sent) + (RECEIVED - clock("09:00")))


def claims(at: str | None = "10:00", who: User = ADA, **changes: Any) -> dict[str, Any]:
    told = {} if at is None else {"auth_time": int(clock(at).timestamp())}
    return district.claims(who, **told | changes)


def me(at: str | None = "10:00", **changes: Any) -> dict[str, Any]:
    """Ada's own email address, with the advice about it."""
    answer = call(profiles, "GET", "/me", claims(at, **changes))
    assert answer.status == 200
    [account] = answer.body["accounts"]
    mine: dict[str, Any] = next(one for one in account["credentials"] if one["kind"] == "email")
    return mine | {"advice": [one["code"] for one in account["guidance"] if one["credential"] == "email"]}


def profile(of: User = ADA) -> Answer:
    return call(profiles, "GET", f"/users/{of.id}", district.manager())


def shown(kind: str = "email", of: User = ADA) -> dict[str, Any]:
    return next(one for one in profile(of).body["credentials"] if one["kind"] == kind)


def advice(who: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    body = call(profiles, "GET", f"/users/{ADA.id}", who or district.manager()).body
    return [(one["code"], one["text"]) for one in body["guidance"] if one["credential"] == "email"]


def gate() -> bool:
    body = {"recipients": [{"credential": str(EMAIL), "channel": "email"}]}
    machine = {"token_use": "access", "scope": "reachable/sends"}
    return bool(call(sends, "POST", "/sends/check", machine, body).body["results"][0]["send"])


def reset() -> Answer:
    return call(resetting, "POST", f"/users/{ADA.id}/reset", district.manager(), {"credentials": ["email"]})


def status(credential: Credential = EMAIL) -> Status:
    return registers.statuses([credential])[credential]


def proved_at(credential: Credential = EMAIL) -> datetime | None:
    return holders.standing(credential).proved_at


def kinds(credential: Credential = EMAIL) -> list[str]:
    return [item.kind.value for item in history.of(credential)]


def of_history(credential: Credential = EMAIL) -> Status:
    changes = [status_rules.change_of(item) for item in history.of(credential)]
    return status_rules.join(GOOD, [change for change in changes if change is not None])


# Off, as at first


def test_a_sign_in_since_the_bounce_is_told_to_staff_who_decide() -> None:
    bounced()
    etag = profile().headers["etag"]
    assert [code for code, _ in advice()] == ["fix_sis_first"]
    assert (me()["status"], me()["advice"]) == ("bad", ["reset_will_help"])
    [(code, text)] = advice()
    assert code == "reset_will_help"
    assert text.startswith(
        "Somebody signed in with this email address on September 14, 2026, after it failed."
    )
    assert (gate(), shown()["status"], kinds()) == (False, "bad", ["bounced"])
    assert profile().headers["etag"] == etag


def test_a_teacher_is_told_without_the_day() -> None:
    bounced()
    me()
    [(code, text)] = advice(district.teacher())
    assert code == "reset_will_help"
    assert text.startswith("Somebody has signed in with this email address since it failed.")


@pytest.mark.parametrize(
    "of_token",
    [
        {"at": "09:00"},  # the moment of the message
        {"at": "08:30"},
        {"at": None},  # the issuer does not tell
        {"at": None, "iat": int(clock("11:00").timestamp())},  # a renewed token is no sign-in
        {"auth_time": "soon"},
        {"email_verified": False},
        {"email": "max@example.org"},
        {"email": "nobody@example.org"},
    ],
    ids=str,
)
@pytest.mark.parametrize("lifts", [False, True])
def test_what_proves_nothing_writes_nothing(
    of_token: dict[str, Any], monkeypatch: pytest.MonkeyPatch, *, lifts: bool
) -> None:
    monkeypatch.setattr(prove, "LIFTS", lifts)
    bounced()
    with streams.moved() as records:
        assert call(profiles, "GET", "/me", claims(**of_token)).status == 200
    assert records == []
    assert (gate(), kinds(), proved_at()) == (False, ["bounced"], None)


@pytest.mark.usefixtures("lifting")
def test_of_two_credentials_of_an_account_a_token_proves_the_one_that_it_carries() -> None:
    bounced()
    text = text_event(address=PHONE.address, sent_at=clock("09:00"), occurred_at=None)
    apply.event(text, RECEIVED)
    me()
    assert (shown("email")["status"], shown("phone")["status"]) == ("good", "bad")


@pytest.mark.parametrize("lifts", [False, True])
def test_an_ordinary_look_at_oneself_writes_nothing_and_reads_what_it_did(
    monkeypatch: pytest.MonkeyPatch, *, lifts: bool
) -> None:
    monkeypatch.setattr(prove, "LIFTS", lifts)

    def asked(at: str | None) -> list[int]:
        table = dynamodb.client()
        with (
            wire.overheard(table, "Query") as queries,
            wire.overheard(table, "BatchGetItem") as gets,
            wire.overheard(table, "PutItem") as puts,
            wire.overheard(table, "UpdateItem") as updates,
        ):
            me(at)
        return [len(calls) for calls in (queries, gets, puts, updates)]

    *reads, puts, updates = asked(None)
    assert (puts, updates) == (0, 0)
    assert asked("10:00") == [*reads, 0, 0]
    bounced()
    assert asked("10:00") == [*reads, *((1, 1) if lifts else (0, 1))]
    assert asked("10:00") == [*reads, 0, 0]


def test_the_newest_sign_in_stays() -> None:
    bounced()
    for at in ("10:00", "11:00", "10:30"):
        me(at)
    assert proved_at() == clock("11:00")
    me("12:30")  # a clock ahead of ours
    assert proved_at() == clock("12:00")


def test_a_proof_of_before_a_newer_bounce_says_nothing_of_that() -> None:
    bounced()
    me()
    bounced("11:00")
    assert [code for code, _ in advice()] == ["fix_sis_first"]


def test_accepting_an_invitation_is_a_sign_in_too() -> None:
    bounced()
    assert call(profiles, "POST", "/me", claims(), {"user_id": ADA.id}).status == 200
    assert proved_at() == clock("10:00")


# On


@pytest.mark.usefixtures("lifting")
def test_a_sign_in_since_the_bounce_opens_it_and_is_history() -> None:
    bounced()
    etag = profile().headers["etag"]
    mine = me()
    assert (mine["status"], mine["open"], mine["reason"], mine["advice"]) == ("good", ["email"], None, [])
    assert gate()
    [block] = shown()["blocks"]
    assert (block["ground"], block["lifted_by"], block["until"]) == (
        "bounce",
        "proof",
        "2026-09-14T10:00:00Z",
    )
    assert profile().headers["etag"] != etag
    [proved, _] = call(profiles, "GET", f"/users/{ADA.id}/credentials/email/events", district.manager()).body[
        "items"
    ]
    assert (proved["kind"], proved["provider"], proved["occurred_at"], proved["by"]) == (
        "proved",
        "reachable",
        "2026-09-14T10:00:00Z",
        None,
    )
    assert of_history() == status()
    assert reset().body["results"][0]["outcome"] == "already_good"


@pytest.mark.usefixtures("lifting")
def test_however_often_the_token_comes_it_is_one_line_of_history() -> None:
    bounced()
    for _ in range(3):
        me()
    assert sorted(kinds()) == ["bounced", "proved"]


@pytest.mark.usefixtures("lifting")
def test_a_late_word_of_a_message_from_before_closes_nothing_and_one_sent_since_does() -> None:
    bounced()
    me()
    bounced("09:30")
    assert gate()
    bounced("10:00:01")
    assert not gate()
    assert me()["status"] == "bad"
    assert me("11:00")["status"] == "good"
    assert sorted(kinds()) == ["bounced", "bounced", "bounced", "proved", "proved"]
    assert of_history() == status()


@pytest.mark.usefixtures("lifting")
def test_what_a_person_or_the_provider_says_stays() -> None:
    bounced()
    bounced("09:10", cause=Cause.PROVIDER_SUPPRESSED)
    bounced("09:20", kind=Kind.COMPLAINED, permanence=None, cause=Cause.COMPLAINT)
    assert me()["status"] == "bad"
    assert [str(block.register) for block in status_rules.blocks(status())] == [
        "complaint@email",
        "suppressed@email",
    ]


@pytest.mark.usefixtures("lifting")
def test_a_bounce_over_a_wish_stays_as_it_is() -> None:
    bounced(cause=Cause.COMPLAINT)
    assert me()["status"] == "bad"
    assert (kinds(), proved_at()) == (["bounced"], None)


@pytest.mark.usefixtures("lifting")
def test_a_sign_in_by_one_who_shares_it_opens_it_for_all() -> None:
    mum = district.user("mum", "Mia Split", email="family@example.org")
    dad = district.user("dad", "Dan Split", email="family@example.org")
    district.import_(NORTH, mum, dad, district.MANAGER)
    family = mum.credentials[CredentialKind.EMAIL]
    bounced(address=family.address)
    answer = call(profiles, "GET", "/me", claims(who=dad))
    assert [one["credentials"][0]["status"] for one in answer.body["accounts"]] == ["good", "good"]
    assert sorted(kinds(family)) == ["bounced", "proved"]
    assert shown(of=mum)["status"] == "good"


@pytest.mark.usefixtures("lifting")
def test_a_number_is_opened_for_texts_and_calls_alike() -> None:
    text = text_event(address=PHONE.address, sent_at=clock("09:00"), occurred_at=None)
    apply.event(text, RECEIVED)
    told = claims(phone_number=PHONE.address, phone_number_verified=True)
    assert call(profiles, "GET", "/me", told).status == 200
    assert (shown("phone")["open"], shown("phone", of=DENNIS)["open"]) == (["sms", "voice"],) * 2


# What fails


def test_where_a_proof_cannot_be_written_one_sees_oneself_all_the_same(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bounced()
    with wire.cut_off(dynamodb.client(), "UpdateItem"):
        assert me()["status"] == "bad"
    [line] = [vars(record) for record in caplog.records if record.msg == "proof_not_kept"]
    assert (line["levelname"], line["error"]) == ("ERROR", "EndpointConnectionError")
    assert ADA.typed[CredentialKind.EMAIL].lower() not in str(line).lower()
    assert proved_at() is None
    me()
    assert proved_at() == clock("10:00")


@pytest.mark.usefixtures("lifting")
@pytest.mark.parametrize(
    ("operation", "kept"), [("PutItem", ["bounced"]), ("UpdateItem", ["bounced", "proved"])]
)
def test_what_stopped_halfway_is_done_when_the_token_comes_again(operation: str, kept: list[str]) -> None:
    bounced()
    with wire.cut_off(dynamodb.client(), operation):
        assert me()["status"] == "bad"
    assert (sorted(kinds()), gate()) == (kept, False)
    assert me()["status"] == "good"
    assert (sorted(kinds()), gate()) == (["bounced", "proved"], True)


# Side by side, and afterwards


@pytest.mark.usefixtures("lifting")
@pytest.mark.parametrize("seed", range(4))
def test_sign_ins_bounces_and_resets_at_once_give_what_their_history_gives(seed: int) -> None:
    """A process answers one request at a time; several bounces are applied beside it."""
    bounced()
    answering = Lock()

    def answered(ask: Callable[[], object]) -> None:
        with answering:
            ask()

    def told(at: str) -> None:
        with rights.as_function("delivery_events"):
            bounced(at)

    acts: list[Any] = [
        *(lambda at=at: answered(lambda: me(at)) for at in ("09:30", "10:00", "10:30")),
        *(lambda at=at: told(at) for at in ("09:20", "10:10", "10:40")),
        lambda: answered(reset),
    ] * 2
    Random(seed).shuffle(acts)
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(act) for act in acts]:
            done.result()
    assert of_history() == status()
    me("11:59")
    assert (of_history(), gate()) == (status(), True)


@pytest.mark.usefixtures("lifting")
def test_an_event_tells_who_listens_that_a_sign_in_opened_it() -> None:
    bounced()
    with streams.moved() as records:
        me()
    told = [stream.of_record(record) for record in records]
    [moved] = [what for what in told if what is not None]
    assert isinstance(moved, StatusMoved)
    announced = announcements.of_status(moved)
    assert announced is not None
    assert (announced.by, len(announced.blocks)) == (Lift.PROOF, 1)


def test_that_somebody_signed_in_concerns_nobody_else() -> None:
    bounced()
    with streams.moved() as records:
        me()
    assert [record["dynamodb"]["Keys"]["item"]["S"] for record in records] == [keys.PROOF]
    assert [stream.of_record(record) for record in records] == [None]


@pytest.mark.usefixtures("lifting")
def test_a_failure_after_a_sign_in_opened_it_came_back_from_no_reset() -> None:
    bounced(permanence=Permanence.TRANSIENT, cause=Cause.MAILBOX_FULL)
    me()
    bounced("11:00", permanence=Permanence.TRANSIENT, cause=Cause.MAILBOX_FULL)
    assert [code for code, _ in advice()] == ["reset_will_help"]
    assert HistoryKind.PROVED.value in kinds()
