"""moto's way back from a refused transaction, by the items that it writes.

moto 5.2 copies the whole table for each write of each transaction, refused or not: of all that the tests ask
of it, that took the most time. The items alone are as good a way back, and 100 at most.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from typing import Any
from unittest.mock import patch

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table


@contextmanager
def put_back_by_item() -> Iterator[None]:
    """Meanwhile a refused transaction puts back what it wrote, and no table is copied."""
    with (
        patch.object(DynamoDBBackend, "transact_write_items", _transact_write_items),
        patch.object(Table, "__deepcopy__", lambda table, _: table, create=True),
    ):
        yield


_really_transact = DynamoDBBackend.transact_write_items


def _transact_write_items(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
    before = [
        (within, sort, deepcopy(within.get(sort)))
        for write in transact_items
        for within, sort in [_place(backend, *write.values())]
    ]
    try:
        _really_transact(backend, transact_items)
    except Exception:
        for within, sort, item in before:
            within.pop(sort, None)
            if item is not None:
                within[sort] = item
        raise


def _place(backend: DynamoDBBackend, write: Mapping[str, Any]) -> tuple[dict[DynamoType, Any], DynamoType]:
    """The items beside which one lies, and what it is called there. Our tables have two keys."""
    table = backend.get_table(write["TableName"])
    key = write.get("Key") or write["Item"]
    assert table.range_key_attr is not None
    return table.items[DynamoType(key[table.hash_key_attr])], DynamoType(key[table.range_key_attr])
