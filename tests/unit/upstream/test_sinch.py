"""Sinch's consent lists, over HTTP."""

from collections.abc import Callable

import pytest

from reachable import upstream
from reachable.model.delivery_event import Channel
from reachable.model.errors import ListUnclear, PutOff
from reachable.model.upstream import Account, Hindrance, Listing, ListReason
from reachable.upstream import _http
from tests.unit.upstream.pages import pages
from tools.stand_ins.stand_in import Ordered, StandIn

type Accounts = Callable[..., Account]

NUMBER = "+12025550123"
ENTRY = Listing(address="12025550123", reason=ListReason.OPT_OUT, place="OPT_OUT_ALL")
TOKEN = "POST /sinch/oauth2/token"
PATH = "GET /sinch/v1/projects/project-1/apps/app-1/consents"


def row(identity: str = "12025550123", list_: str = "OPT_OUT_ALL") -> dict[str, str]:
    return {"list": list_, "identity": identity}


@pytest.fixture
def list_(lists: dict[str, StandIn]) -> StandIn:
    return lists["sinch"]


def test_no_call_takes_a_number_off() -> None:
    assert (upstream.channel("sinch"), upstream.hindrance("sinch")) == (Channel.SMS, Hindrance.START)
    assert upstream.can_be_asked("sinch")
    assert upstream.can_be_read("sinch")
    assert upstream.limit("sinch") is None


def test_an_entry_is_told_as_sinch_spells_it_with_its_list(list_: StandIn, account: Accounts) -> None:
    list_.rows = [row("12025550124"), row()]
    assert upstream.look(account("sinch"), NUMBER) == [ENTRY]
    assert list_.calls == [
        TOKEN,
        f"{PATH}/OPT_OUT_ALL?page_size=50",
        f"{PATH}/OPT_OUT_MARKETING?page_size=50",
        f"{PATH}/OPT_OUT_NOTIFICATION?page_size=50",
    ]


def test_a_look_begins_with_a_token_that_the_calls_carry(list_: StandIn, account: Accounts) -> None:
    upstream.look(account("sinch"), NUMBER)
    first = list_.called[0]
    assert first.headers["Authorization"] == "Basic a2V5LWlkOmtleS1vZi10aGUtdGVzdHM="
    assert first.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert first.body == "grant_type=client_credentials"
    assert {call.headers["Authorization"] for call in list_.called[1:]} == {"Bearer token-of-an-hour"}


@pytest.mark.parametrize("spelled", ["12025550123", "+12025550123"])
def test_a_number_is_the_same_with_its_plus_and_without(
    list_: StandIn, account: Accounts, spelled: str
) -> None:
    list_.rows = [row(spelled), row("2025550123")]
    for asked in ("+12025550123", "12025550123"):
        assert [entry.address for entry in upstream.look(account("sinch"), asked)] == [spelled]


def test_each_list_is_read(list_: StandIn, account: Accounts) -> None:
    list_.rows = [row(list_=name) for name in ("OPT_OUT_MARKETING", "OPT_OUT_NOTIFICATION")]
    assert [entry.place for entry in upstream.look(account("sinch"), NUMBER)] == [
        "OPT_OUT_MARKETING",
        "OPT_OUT_NOTIFICATION",
    ]


def test_lists_that_nobody_is_on_are_no_error(account: Accounts) -> None:
    """Sinch answers each of them with 404."""
    assert upstream.look(account("sinch"), NUMBER) == []
    assert pages(account("sinch")) == [[], [], []]


def test_what_a_404_says_beside_is_no_list(list_: StandIn, account: Accounts) -> None:
    list_.ordered = [Ordered(200, {"access_token": "token-of-an-hour"}), Ordered(404, ["no", "such", "list"])]
    assert upstream.entries(account("sinch")).items == ()


def test_all_pages_are_read(list_: StandIn, account: Accounts) -> None:
    list_.rows = [*(row(f"1202556{i:04}") for i in range(100)), row()]
    assert upstream.look(account("sinch"), NUMBER) == [ENTRY]
    assert list_.calls[1:4] == [
        f"{PATH}/OPT_OUT_ALL?page_size=50",
        f"{PATH}/OPT_OUT_ALL?page_size=50&page_token=50",
        f"{PATH}/OPT_OUT_ALL?page_size=50&page_token=100",
    ]


def test_the_lists_come_page_by_page_one_after_the_other(list_: StandIn, account: Accounts) -> None:
    list_.rows = [*(row(f"1202556{i:04}") for i in range(51)), row(list_="OPT_OUT_NOTIFICATION")]
    found = pages(account("sinch"))
    assert [len(page) for page in found] == [50, 1, 0, 1]
    assert found[3] == [
        Listing(address="12025550123", reason=ListReason.OPT_OUT, place="OPT_OUT_NOTIFICATION")
    ]


def test_a_project_and_an_app_are_encoded_whole(list_: StandIn, account: Accounts) -> None:
    assert upstream.look(account("sinch", project="a/b?c", app="../x"), NUMBER) == []
    assert list_.calls[1] == (
        "GET /sinch/v1/projects/a%2Fb%3Fc/apps/..%2Fx/consents/OPT_OUT_ALL?page_size=50"
    )


@pytest.mark.parametrize(
    ("region", "hosts"),
    [
        (None, ["https://auth.sinch.com", "https://us.conversation.api.sinch.com"]),
        ("eu", ["https://auth.sinch.com", "https://eu.conversation.api.sinch.com"]),
    ],
)
def test_the_region_leads_to_its_host(
    monkeypatch: pytest.MonkeyPatch, account: Accounts, region: str | None, hosts: list[str]
) -> None:
    """Told by what is asked of `_http`: behind TLS neither host can be stood in for."""
    asked: list[str] = []
    call = _http.call

    def noted(of: Account, method: str, path: str, *, base_url: str, **request: object) -> _http.Answer:
        asked.append(base_url)
        return call(of, method, path, base_url=base_url, **request)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(_http, "call", noted)
    upstream.entries(account("sinch", region=region))
    assert asked == hosts


@pytest.mark.parametrize("body", [{}, {"access_token": None}, [], "x", None])
def test_without_a_token_nothing_is_clear(list_: StandIn, account: Accounts, body: object) -> None:
    list_.ordered = [Ordered(200, body)]
    with pytest.raises(ListUnclear) as unclear:
        upstream.look(account("sinch"), NUMBER)
    assert (unclear.value.code, list_.calls) == ("no_token", [TOKEN])


@pytest.mark.parametrize("address", ["", " "])
def test_an_empty_number_is_never_asked_for(list_: StandIn, account: Accounts, address: str) -> None:
    assert upstream.look(account("sinch"), address) == []
    assert list_.calls == []


@pytest.mark.parametrize("tokens", [0, 1], ids=["of_the_token", "of_a_list"])
@pytest.mark.parametrize(
    ("status", "denied"), [(401, True), (403, True), (408, False), (429, False), (500, False), (501, False)]
)
def test_what_comes_to_nothing_is_put_off(
    list_: StandIn, account: Accounts, status: int, tokens: int, *, denied: bool
) -> None:
    given = [Ordered(200, {"access_token": "token-of-an-hour"})] * tokens
    acts: list[Callable[[], object]] = [
        lambda: upstream.look(account("sinch"), NUMBER),
        lambda: upstream.entries(account("sinch")),
    ]
    for act in acts:
        list_.ordered = [*given, Ordered(status, {"error": {}})]
        with pytest.raises(PutOff) as put_off:
            act()
        assert (put_off.value.why, put_off.value.denied) == (str(status), denied)


@pytest.mark.parametrize("body", [{"identities": "x"}, {"identities": [1]}, {}, [], None])
def test_an_answer_that_no_page_has_is_unclear(list_: StandIn, account: Accounts, body: object) -> None:
    list_.ordered = [Ordered(200, {"access_token": "token-of-an-hour"}), Ordered(200, body)]
    with pytest.raises(ListUnclear):
        upstream.look(account("sinch"), NUMBER)


def test_an_entry_that_tells_no_number_counts(list_: StandIn, account: Accounts) -> None:
    list_.ordered = [Ordered(200, {"access_token": "token-of-an-hour"}), Ordered(200, {"identities": [{}]})]
    assert upstream.entries(account("sinch")).items == (
        Listing(address="", reason=ListReason.OPT_OUT, place="OPT_OUT_ALL"),
    )


@pytest.mark.parametrize("setting", ["project", "app", "key", "secret"])
def test_what_must_be_set_is_ours_to_set(account: Accounts, setting: str) -> None:
    with pytest.raises(PutOff) as put_off:
        upstream.look(account("sinch", **{setting: ""}), NUMBER)
    assert (put_off.value.why, put_off.value.denied) == (f"no_{setting}", True)


def test_a_wrong_secret_is_for_us_to_mend(account: Accounts) -> None:
    with pytest.raises(PutOff) as put_off:
        upstream.look(account("sinch", secret="another"), NUMBER)
    assert (put_off.value.why, put_off.value.denied) == ("401", True)
