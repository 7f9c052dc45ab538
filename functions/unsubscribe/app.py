"""Unsubscribe by the link of a mail: a mail program posts it at one click, a person is asked first."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable.flows import unsubscribe
from reachable.log import Count, logger, metrics
from reachable.web.app import resolver

app = resolver()

Token = Annotated[str, Path(min_length=1, max_length=1000)]

_PAGE: Final = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>Unsubscribe</title>
<body style="font:1.1rem/1.5 system-ui;max-width:34rem;margin:4rem auto;padding:0 1rem">{body}</body></html>
"""
_ASK: Final = _PAGE.format(
    body="<p>Stop all email from the school to this address?<br>"
    '<span lang="es">¿Dejar de recibir todo correo de la escuela en esta dirección?</span></p>'
    '<form method="post"><button style="font:inherit;padding:.5em 1em">'
    'Unsubscribe · <span lang="es">Cancelar</span></button></form>'
)
_DONE: Final = _PAGE.format(
    body='<p>Done: no more email goes to this address. The school\'s office can undo it.<br><span lang="es">'
    "Hecho: ya no se enviará correo a esta dirección. La oficina de la escuela puede deshacerlo.</span></p>"
)
_HTML: Final = "text/html; charset=utf-8"


@app.get("/unsubscribe/<token>", summary="Ask before unsubscribing", tags=["unsubscribe"])
def ask(token: Token) -> Response[str]:
    """A page with one button. Programs that look into links must not unsubscribe anybody."""
    unsubscribe.check(token)
    return Response(200, _HTML, _ASK)


@app.post("/unsubscribe/<token>", summary="Unsubscribe (RFC 8058)", tags=["unsubscribe"])
def by_link(token: Token) -> Response[str]:
    """Close the address that the mail came to, whatever the body says."""
    unsubscribe.by_link(token, datetime.now(UTC))
    metrics.add_metric(Count.UNSUBSCRIBED, MetricUnit.Count, 1)
    return Response(200, _HTML, _DONE)


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one call of the API."""
    return app.resolve(event, context)
