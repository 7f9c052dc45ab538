"""The API's description, generated from the functions' routes: ``python -m tools.openapi [--check]``.

It is written where the layer ships it; infra/openapi.json is a link to it, for whoever imports it elsewhere.
"""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parent.parent
DOCUMENT: Final = ROOT / "layers/reachable/web/openapi.json"
_ENVIRONMENT: Final = {
    "AUDIT_RETENTION_DAYS": "2555",
    "AUDIT_TABLE": "audit",
    "AWS_DEFAULT_REGION": "us-east-1",
    "CREDENTIALS_TABLE": "credentials",
    "UPSTREAM_ACCOUNTS": "/reachable/none/upstream",
    "WEBHOOK_SECRETS": "/reachable/none/webhooks",
    "DEFAULT_REGION": "US",
    "IMPORT_STATE_MACHINE_ARN": "import-roster",
    "MESSAGES_TABLE": "messages",
    "MESSAGE_RETENTION_DAYS": "400",
    "OUTBOUND_QUEUE_URL": "outbound",
    "OUTBOUND_URGENT_QUEUE_URL": "outbound-urgent",
    "PARKED_BUCKET": "parked",
    "ALARMS_TOPIC_ARN": "alarms",
    "POWERTOOLS_TRACE_DISABLED": "true",
    "PUBLIC_URL": "https://reachable.example",
    "UNSUBSCRIBE_SECRET_ARN": "unsubscribe",
    "RESET_STATE_MACHINE_ARN": "reset-incident",
    "RESULTS_BUCKET": "results",
    "ROSTER_BUCKET": "roster",
    "ROSTER_TABLE": "roster",
    "TRANSIENT_BOUNCE_LIMIT": "1",
    "TRANSIENT_BOUNCE_WINDOW_DAYS": "30",
}

_PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "title": "Problem",
    "description": "An error (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "A JSON pointer (RFC 6901)."},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
_PROBLEM_ANSWER: Final = {
    "description": "400 shape, 401, 403 role, 404 unknown or not in scope, 409, 412 changed, 422, 429, 503.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
FUNCTIONS: Final = ("profiles", "reset", "incidents", "imports", "sends", "messages", "unsubscribe")
"""The functions that answer the API."""
_PUBLIC: Final = {"/openapi.json", "/unsubscribe/{token}"}


def generate() -> str:
    """The document as text, the same for the same routes."""
    os.environ.update(_ENVIRONMENT)
    # Read after the environment is there: the functions ask for their tables when they are imported.
    from aws_lambda_powertools.event_handler.openapi.merge import OpenAPIMerge
    from aws_lambda_powertools.event_handler.openapi.models import HTTPBearer

    merge = OpenAPIMerge(
        title="Reachable",
        version="1.0.0",
        description="What bounced is blocked, explained and, once the cause is gone, reset.",
        security_schemes={"bearer": HTTPBearer(bearerFormat="JWT")},
        on_conflict="error",
    )
    for name in FUNCTIONS:
        merge.add_file(ROOT / "functions" / name / "app.py")
    document = json.loads(merge.get_openapi_json_schema())
    document["components"]["schemas"]["Problem"] = _PROBLEM
    for name in ("HTTPValidationError", "ResponseValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            in_words = re.sub(r"\W", "_", path)
            operation["operationId"] = operation["operationId"].removesuffix(f"{in_words}_{method}")
            for status in ("422", "500"):  # Powertools' own shapes; ours is a problem
                operation["responses"].pop(status, None)
            operation["responses"]["default"] = _PROBLEM_ANSWER
            operation["security"] = [] if path in _PUBLIC else [{"bearer": []}]
    return json.dumps(document, indent=1, sort_keys=True) + "\n"


def main(arguments: list[str]) -> int:
    """Write the document, or with ``--check`` say whether it is fresh."""
    document = generate()
    if "--check" not in arguments:
        DOCUMENT.write_text(document)
        return 0
    if DOCUMENT.exists() and DOCUMENT.read_text() == document:
        return 0
    print("layers/reachable/web/openapi.json is not what the routes say. Run: ./dev openapi", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
