"""What an import carries of a record is compared by digest, and is the whole record."""

import orjson
import pytest

from reachable.flows import chunk_roster
from reachable.model.people import RosterRecord
from reachable.store.roster import items
from reachable.store.roster.items import Row
from tests.functions.district import ADA, ALL, ART, BO, NORTH


@pytest.mark.parametrize("record", ALL, ids=lambda record: record.sourced_id)
def test_a_row_of_a_chunk_has_its_record_s_digest_and_gives_it_back(record: RosterRecord) -> None:
    [row] = chunk_roster.rows_of([chunk_roster.line(record)])
    assert row.digest == items.digest(record)
    assert row.record == record


def test_a_row_says_the_same_in_whatever_order_its_fields_came() -> None:
    row = Row.of(ADA)
    turned = dict(reversed(orjson.loads(orjson.dumps(row.plain)).items()))
    assert Row(row.entity, turned, row.account_status).digest == row.digest


def test_a_release_that_changes_a_digest_writes_every_record_anew() -> None:
    """So nothing changes one by the way: whoever means to, raises the digest's version."""
    assert {record.sourced_id: items.digest(record) for record in (ADA, BO, ART, NORTH)} == {
        "ada": "96a071d0c562cc0b",
        "bo": "d22136b4ea5ffcb2",
        "art": "efe219e7aab260f7",
        "north": "4b81871816e4ca45",
    }
