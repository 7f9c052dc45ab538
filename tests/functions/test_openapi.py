"""The API's description is merged of the functions' own: a name in it means one shape."""

import json

from functions.imports.app import app as imports
from functions.incidents.app import app as incidents
from functions.messages.app import app as messages
from functions.profiles.app import app as profiles
from functions.reset.app import app as reset
from functions.sends.app import app as sends
from functions.unsubscribe.app import app as unsubscribe


def test_a_name_is_of_one_shape() -> None:
    shapes: dict[str, set[str]] = {}
    for app in (imports, incidents, messages, profiles, reset, sends, unsubscribe):
        document = json.loads(app.get_openapi_json_schema())
        for name, shape in document.get("components", {}).get("schemas", {}).items():
            shapes.setdefault(name, set()).add(json.dumps(shape, sort_keys=True))
    assert {name for name, known in shapes.items() if len(known) > 1} == set()
