"""SES's suppression list, over HTTP."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from moto import mock_aws

from reachable import aws, upstream
from reachable.model.delivery_event import Channel
from reachable.model.errors import ListUnclear, PutOff
from reachable.model.upstream import Account, Hindrance, Listing, ListReason
from tests.unit.upstream.pages import pages
from tools.stand_ins import ses
from tools.stand_ins.stand_in import Ordered, StandIn

type Accounts = Callable[..., Account]

SEPTEMBER_21 = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)
BOUNCED = {"EmailAddress": "Ada+school@example.org", "Reason": "BOUNCE", "LastUpdateTime": 1790000000}
ENTRY = Listing(
    address="Ada+school@example.org", reason=ListReason.BOUNCE, since=SEPTEMBER_21, words="BOUNCE"
)
ONE = "/ses/v2/email/suppression/addresses"


def row(address: str, at: int = 1790000000, **more: str) -> dict[str, Any]:
    return {"EmailAddress": address, "Reason": "BOUNCE", "LastUpdateTime": at, **more}


def listing(address: str) -> Listing:
    return replace(ENTRY, address=address)


@pytest.fixture
def list_(lists: dict[str, StandIn]) -> ses.List:
    return cast("ses.List", lists["ses"])


@pytest.fixture
def bucket() -> Iterator[Callable[[str], list[dict[str, str]]]]:
    """What lies at an address that SES was told: the lines of a job."""
    with mock_aws():
        s3 = aws.client("s3")
        s3.create_bucket(Bucket="results")

        def lines(url: str) -> list[dict[str, str]]:
            bucket, _, key = url.removeprefix("s3://").partition("/")
            assert (bucket, key.partition("/")[0]) == ("results", "upstream")
            body: bytes = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
            return [json.loads(line) for line in body.splitlines()]

        yield lines


def test_it_is_a_list_of_mail_addresses_that_shows_itself_whole() -> None:
    assert (upstream.channel("ses"), upstream.limit("ses"), upstream.hindrance("ses")) == (
        Channel.EMAIL,
        None,
        None,
    )
    assert upstream.can_be_asked("ses")
    assert upstream.can_be_read("ses")


def test_an_entry_is_told_with_its_reason_and_date(list_: ses.List, account: Accounts) -> None:
    list_.rows = [BOUNCED]
    assert upstream.look(account("ses"), "Ada+school@example.org") == [ENTRY]
    assert list_.calls == [f"GET {ONE}/Ada%2Bschool%40example.org"]


def test_a_complaint_is_told_as_one(list_: ses.List, account: Accounts) -> None:
    list_.rows = [row("ada@example.org") | {"Reason": "COMPLAINT"}]
    assert upstream.look(account("ses"), "ada@example.org") == [
        Listing(address="ada@example.org", reason=ListReason.COMPLAINT, since=SEPTEMBER_21, words="COMPLAINT")
    ]


def test_a_reason_that_is_new_is_the_providers_own(list_: ses.List, account: Accounts) -> None:
    list_.rows = [row("ada@example.org") | {"Reason": "AUTO_VALIDATION"}]
    assert [entry.reason for entry in upstream.look(account("ses"), "ada@example.org")] == [
        ListReason.PROVIDER
    ]


def test_who_is_not_listed_is_no_entry(account: Accounts) -> None:
    assert upstream.look(account("ses"), "ada@example.org") == []


def test_the_case_of_the_local_part_counts(list_: ses.List, account: Accounts) -> None:
    """Sending ignores it: so every spelling that is known has to be asked for."""
    list_.rows = [BOUNCED]
    assert upstream.look(account("ses"), "ada+school@example.org") == []
    assert upstream.look(account("ses"), "Ada+school@EXAMPLE.org") == [ENTRY]


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("a+b@example.org", "a%2Bb%40example.org"),
        ("a#b?c%d&e@example.org", "a%23b%3Fc%25d%26e%40example.org"),
        ("o'neil@example.org", "o%27neil%40example.org"),
    ],
)
def test_an_address_is_encoded_whole(list_: ses.List, account: Accounts, address: str, sent: str) -> None:
    list_.rows = [row(address)]
    assert upstream.look(account("ses"), address) == [listing(address)]
    assert upstream.remove(account("ses"), [listing(address)]) == [None]
    assert list_.calls == [f"GET {ONE}/{sent}", f"DELETE {ONE}/{sent}"]
    assert list_.rows == []


def test_an_entry_is_removed_in_its_own_spelling_and_no_other_goes(
    list_: ses.List, account: Accounts
) -> None:
    others = [row("ada+school@example.org"), row("ben@example.org")]
    list_.rows = [BOUNCED, *others]
    assert upstream.remove(account("ses"), [ENTRY]) == [None]
    assert list_.rows == others
    assert list_.calls == [f"DELETE {ONE}/Ada%2Bschool%40example.org"]


def test_an_entry_that_is_gone_already_is_gone(list_: ses.List, account: Accounts) -> None:
    list_.rows = [row("ben@example.org")]
    assert upstream.remove(account("ses"), [ENTRY, listing("ben@example.org")]) == [None, None]
    assert list_.rows == []


@pytest.mark.parametrize("address", ["", " "])
def test_an_empty_address_is_never_sent(list_: ses.List, account: Accounts, address: str) -> None:
    assert upstream.look(account("ses"), address) == []
    assert upstream.remove(account("ses"), [listing(address)]) == [None]
    assert upstream.remove(account("ses"), []) == []
    assert list_.calls == []


def test_a_tenants_list_is_asked_by_its_name_and_no_other_is_touched(
    list_: ses.List, account: Accounts
) -> None:
    own = row("ada@example.org", TenantName="Lincoln High")
    others = [row("ada@example.org"), row("ada@example.org", TenantName="Ridge")]
    list_.rows = [*others, own]
    tenant = account("ses", tenant="Lincoln High")
    assert upstream.look(tenant, "ada@example.org") == [listing("ada@example.org")]
    assert pages(tenant) == [[listing("ada@example.org")]]
    assert upstream.remove(tenant, [listing("ada@example.org")]) == [None]
    assert list_.rows == others
    assert list_.calls == [
        f"GET {ONE}/ada%40example.org?TenantName=Lincoln%20High",
        f"GET {ONE}?PageSize=100&TenantName=Lincoln%20High",
        f"DELETE {ONE}/ada%40example.org?TenantName=Lincoln%20High",
    ]


def test_the_whole_list_comes_page_by_page(list_: ses.List, account: Accounts) -> None:
    list_.rows = [row(f"a{i}@example.org") for i in range(201)]
    found = pages(account("ses"))
    assert [len(page) for page in found] == [100, 100, 1]
    assert found[2] == [listing("a200@example.org")]
    assert list_.calls[2] == f"GET {ONE}?PageSize=100&NextToken=200"


def test_a_list_that_is_empty_is_one_empty_page(account: Accounts) -> None:
    assert pages(account("ses")) == [[]]


def test_an_empty_token_is_the_end_not_the_beginning(list_: ses.List, account: Accounts) -> None:
    list_.ordered = [Ordered(200, {"SuppressedDestinationSummaries": [BOUNCED], "NextToken": ""})]
    assert pages(account("ses")) == [[ENTRY]]


# A slash in the local part, which the calls of one address answer with 400.


def test_an_address_with_a_slash_is_found_page_by_page(list_: ses.List, account: Accounts) -> None:
    list_.rows = [
        *(row(f"a{i}@example.org") for i in range(100)),
        row("Sales/ada@example.org"),
        row("ada@example.org"),
    ]
    assert upstream.look(account("ses"), "sales/ada@example.org") == [listing("Sales/ada@example.org")]
    assert list_.calls == [f"GET {ONE}?PageSize=100", f"GET {ONE}?PageSize=100&NextToken=100"]


def test_all_spellings_of_an_address_with_a_slash_are_found(list_: ses.List, account: Accounts) -> None:
    list_.rows = [
        row("A/b@example.org"),
        *(row(f"a{i}@example.org") for i in range(100)),
        row("a/B@example.org"),
    ]
    assert upstream.look(account("ses"), "a/b@EXAMPLE.org") == [
        listing("A/b@example.org"),
        listing("a/B@example.org"),
    ]


def test_an_address_with_a_slash_that_is_not_listed_is_no_entry(list_: ses.List, account: Accounts) -> None:
    list_.rows = [row("b@example.org")]
    assert upstream.look(account("ses"), "a/b@example.org") == []


def test_no_days_narrow_the_search_an_entry_may_be_of_another_system(
    list_: ses.List, account: Accounts
) -> None:
    list_.rows = [row("A/1@example.org", 1600000000)]
    assert upstream.look(account("ses"), "a/1@example.org", [SEPTEMBER_21]) != []


def test_an_address_with_a_slash_goes_by_a_job_which_is_not_done_yet(
    list_: ses.List, account: Accounts, bucket: Callable[[str], list[dict[str, str]]]
) -> None:
    list_.rows = [row("a/b@example.org"), row("c@example.org"), row("d@example.org")]
    entries = [listing("a/b@example.org"), listing("c@example.org")]
    assert upstream.remove(account("ses"), entries) == [Hindrance.IN_LINE, None]
    assert list_.rows == [row("a/b@example.org"), row("d@example.org")]
    assert list_.calls == [f"DELETE {ONE}/c%40example.org", "POST /ses/v2/email/import-jobs"]
    url = list_.jobs[0]["ImportDataSource"]["S3Url"]
    assert list_.jobs == [
        {
            "ImportDestination": {"SuppressionListDestination": {"SuppressionListImportAction": "DELETE"}},
            "ImportDataSource": {"S3Url": url, "DataFormat": "JSON"},
        }
    ]
    assert bucket(url) == [{"emailAddress": "a/b@example.org"}]


def test_a_job_names_each_address_whole(
    list_: ses.List, account: Accounts, bucket: Callable[[str], list[dict[str, str]]]
) -> None:
    """A comma or the end of a line in a quoted local part ends no address: another's might begin there."""
    odd = ['"a/b,c"@example.org', '"a/\n"b@example.org', "zoë/b@example.org"]
    waiting = [Hindrance.IN_LINE for _ in odd]
    assert upstream.remove(account("ses"), [listing(address) for address in odd]) == waiting
    assert bucket(list_.jobs[0]["ImportDataSource"]["S3Url"]) == [
        {"emailAddress": address} for address in odd
    ]


def test_50_go_one_by_one_and_more_by_a_job(
    list_: ses.List, account: Accounts, bucket: Callable[[str], list[dict[str, str]]]
) -> None:
    list_.rows = [row(f"a{i}@example.org") for i in range(51)]
    entries = [listing(f"a{i}@example.org") for i in range(51)]
    assert upstream.remove(account("ses"), entries) == [Hindrance.IN_LINE] * 51
    assert list_.calls == ["POST /ses/v2/email/import-jobs"]
    assert bucket(list_.jobs[0]["ImportDataSource"]["S3Url"]) == [
        {"emailAddress": f"a{i}@example.org"} for i in range(51)
    ]
    assert upstream.remove(account("ses"), entries[:50]) == [None] * 50
    assert list_.rows == [row("a50@example.org")]


def test_10_001_are_two_jobs(
    list_: ses.List, account: Accounts, bucket: Callable[[str], list[dict[str, str]]]
) -> None:
    entries = [listing(f"a{i}@example.org") for i in range(10_001)]
    assert upstream.remove(account("ses"), entries) == [Hindrance.IN_LINE] * 10_001
    first, second = (bucket(job["ImportDataSource"]["S3Url"]) for job in list_.jobs)
    assert (len(first), second) == (10_000, [{"emailAddress": "a10000@example.org"}])


def test_a_job_knows_no_tenants(list_: ses.List, account: Accounts) -> None:
    """It would take addresses off the account's list."""
    list_.rows = [row(f"a{i}@example.org", TenantName="Ridge") for i in range(60)]
    entries = [listing("a/b@example.org"), *(listing(f"a{i}@example.org") for i in range(60))]
    assert upstream.remove(account("ses", tenant="Ridge"), entries) == [Hindrance.SUPPORT, *([None] * 60)]
    assert (list_.rows, list_.jobs) == ([], [])


@pytest.mark.usefixtures("once")
def test_too_many_jobs_at_once_put_off(
    list_: ses.List, account: Accounts, bucket: Callable[[str], list[dict[str, str]]]
) -> None:
    list_.ordered = [Ordered(400, {"__type": "LimitExceededException"})]
    with pytest.raises(PutOff) as put_off:
        upstream.remove(account("ses"), [listing("a/b@example.org")])
    assert (put_off.value.why, put_off.value.denied) == ("LimitExceededException", False)


@pytest.mark.usefixtures("once")
def test_without_its_bucket_there_is_no_job(list_: ses.List, account: Accounts) -> None:
    with mock_aws(), pytest.raises(ListUnclear) as unclear:
        upstream.remove(account("ses"), [listing("a/b@example.org")])
    assert unclear.value.code == "NoSuchBucket"
    assert list_.calls == []


@pytest.mark.usefixtures("once")
@pytest.mark.parametrize(
    ("status", "code", "denied"),
    [
        (401, "UnrecognizedClientException", True),
        (403, "AccessDeniedException", True),
        (429, "TooManyRequestsException", False),
        (500, "InternalFailure", False),
        (503, "ServiceUnavailable", False),
    ],
)
def test_what_comes_to_nothing_is_put_off(
    list_: ses.List, account: Accounts, status: int, code: str, *, denied: bool
) -> None:
    acts: list[Callable[[], object]] = [
        lambda: upstream.look(account("ses"), "ada@example.org"),
        lambda: upstream.look(account("ses"), "a/b@example.org"),
        lambda: upstream.remove(account("ses"), [ENTRY]),
        lambda: upstream.entries(account("ses")),
    ]
    for act in acts:
        list_.ordered = [Ordered(status, {"__type": code})]
        with pytest.raises(PutOff) as put_off:
            act()
        assert (put_off.value.why, put_off.value.denied) == (code, denied)


def test_what_a_call_refuses_is_unclear(list_: ses.List, account: Accounts) -> None:
    list_.ordered = [Ordered(400, {"__type": "BadRequestException"})]
    with pytest.raises(ListUnclear) as unclear:
        upstream.remove(account("ses"), [ENTRY])
    assert unclear.value.code == "BadRequestException"


def test_a_cursor_of_somebody_else_is_unclear(list_: ses.List, account: Accounts) -> None:
    list_.ordered = [Ordered(400, {"__type": "InvalidNextTokenException"})]
    with pytest.raises(ListUnclear) as unclear:
        upstream.entries(account("ses"), "nonsense")
    assert unclear.value.code == "InvalidNextTokenException"
