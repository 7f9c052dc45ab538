"""What fails is told by its place and kind: its text ends in a log, and nobody's address belongs there."""

import importlib
import json
import pkgutil
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from reachable.model import addresses
from reachable.queues import outbound
from reachable.web import bulk_check, direct, identity, models
from reachable.web.models.fields import Model
from tests.unit.web.test_identity import event

NAME, NUMBER = "ada.reyes", "2025550123"
TYPED = f"{NAME}@exa mple.org"


def test_all_models_are_asked() -> None:
    assert {direct.DirectIn, bulk_check.BulkCheckIn} <= set(_models(Model))


def said(act: Callable[[], object]) -> str:
    """All that a log would show of a failure, what it came from too."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - of any kind
        act()
    return "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "act",
    [
        lambda: addresses.email(TYPED),
        lambda: addresses.email(f"{NAME}@ex_ample..org"),
        lambda: addresses.email(f"{NAME}\u202e@example.org"),
        lambda: addresses.email(f'"{NAME}"@[192.0.2.1]'),
        lambda: addresses.phone(f"x{NUMBER}y{NUMBER}", "US"),
        lambda: addresses.phone(f"{NUMBER} ext. 5", "US"),
        lambda: addresses.of_typed_key(f"mail:{TYPED}", "US"),
        lambda: identity.token(event(email=TYPED, email_verified=True)),
        lambda: outbound.read(json.dumps({"channel": TYPED, "purpose": NUMBER, "queued_at": TYPED})),
        lambda: outbound.read(f"{TYPED} {NUMBER}"),
    ],
)
def test_no_address_is_in_a_failure(act: Callable[[], object]) -> None:
    told = said(act)
    assert NAME not in told
    assert NUMBER not in told


def _models(of: type[Model]) -> list[type[Model]]:
    return [one for below in of.__subclasses__() for one in (below, *_models(below))]


for _module in pkgutil.iter_modules(models.__path__):
    importlib.import_module(f"{models.__name__}.{_module.name}")


@pytest.mark.parametrize("model", _models(Model), ids=lambda model: model.__name__)
def test_no_request_is_repeated_in_what_is_wrong_with_it(model: type[Model]) -> None:
    """A direct invoke that is none fails with pydantic's own error."""
    nonsense = {name: {TYPED: NUMBER} for name in model.model_fields}
    for wrong in ({"note": f"call {NUMBER}"}, nonsense, [TYPED]):
        with pytest.raises(ValidationError) as caught:
            model.model_validate(_with_an_unknown_field(wrong))
        assert NAME not in _inputs(caught.value)
        assert NUMBER not in _inputs(caught.value)


def _with_an_unknown_field(wrong: Any) -> Any:
    return wrong | {"nobody_knows_it": f"{TYPED} {NUMBER}"} if isinstance(wrong, dict) else wrong


def _inputs(error: ValidationError) -> str:
    """Without the names of fields, which are the caller's own."""
    return "\n".join(line for line in str(error).splitlines() if line.startswith("  "))
