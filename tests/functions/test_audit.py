"""What the audit keeps of an act: who, of whom, what and when, for as long as the district says."""

import pytest

from reachable.store import audit, dynamodb
from tests.builders import clock

pytestmark = pytest.mark.usefixtures("aws")

VIEWED = {
    "item": "2026-09-14T09:00:00.000000+00:00#1",
    "act": "viewed",
    "by": "max",
    "expires_at": 2010128400,  # 2,555 days later
}


def kept() -> list[dict[str, object]]:
    items = map(dynamodb.of_wire, dynamodb.client().scan(TableName="audit")["Items"])
    return sorted(items, key=lambda item: str(item["subject"]))


def test_an_act_on_somebody_is_kept_by_them_and_by_who_did_it() -> None:
    entry = audit.AuditRecord(
        at=clock("09:00"), act=audit.Act.VIEWED, by="max", user_id="ada", details={"a": "b"}, id="1"
    )
    audit.write(entry)
    audit.write(entry)
    told = VIEWED | {"user_id": "ada", "details": {"a": "b"}}
    assert kept() == [{"subject": "staff#max"} | told, {"subject": "user#ada"} | told]


def test_a_list_is_kept_once_with_those_whom_it_showed() -> None:
    audit.write(
        audit.AuditRecord(at=clock("09:00"), act=audit.Act.SEARCHED, by="max", shown=["ada", "bo"], id="1")
    )
    assert kept() == [VIEWED | {"subject": "staff#max", "act": "searched", "shown": ["ada", "bo"]}]


def test_two_acts_of_one_moment_are_kept_both() -> None:
    for act in (audit.Act.VIEWED, audit.Act.RESET):
        audit.write(audit.AuditRecord(at=clock("09:00"), act=act, by="max"))
    assert sorted(str(item["act"]) for item in kept()) == ["reset", "viewed"]


def test_the_words_of_acts_stay() -> None:
    """Who reads the audit in seven years reads those of today."""
    assert " ".join(audit.Act) == (
        "viewed viewed_events viewed_messages viewed_message viewed_batch viewed_import searched "
        "searched_messages listed_schools listed_classes listed_imports listed_batches "
        "listed_bad_credentials exported_bad_credentials viewed_statistics viewed_providers "
        "reset marked reminded digest "
        "accepted uploaded imported forced held resumed dropped cancelled saved_incident listed_incidents "
        "viewed_incident exported_incident counted_incident started_incident stopped_incident undid_incident "
        "restored "
        "listed_upstream compared_upstream taken_over"
    )
