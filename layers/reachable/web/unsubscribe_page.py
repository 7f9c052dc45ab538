"""The pages that the link of a mail leads to: each in all our languages, since a link tells no language."""

from collections.abc import Callable
from html import escape
from typing import Final

from reachable import words
from reachable.words import Language

_PAGE: Final = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>{title}</title>
<body style="font:1.1rem/1.5 system-ui;max-width:34rem;margin:4rem auto;padding:0 1rem">{body}</body></html>
"""


def ask() -> str:
    """One button, which posts."""
    question = _in_all(lambda language: words.unsubscribing(language).ask, "<br>")
    button = _in_all(lambda language: words.unsubscribing(language).button, " · ")
    form = f'<form method="post"><button style="font:inherit;padding:.5em 1em">{button}</button></form>'
    return _page(f"<p>{question}</p>{form}")


def done() -> str:
    """It is done."""
    return _page(f"<p>{_in_all(lambda language: words.unsubscribing(language).done, '<br>')}</p>")


def _page(body: str) -> str:
    return _PAGE.format(title=_text(words.unsubscribing(Language.EN).button), body=body)


def _in_all(said: Callable[[Language], str], between: str) -> str:
    """English, and the others marked as what they are, so that a screen reader speaks them right."""
    others = (
        f'<span lang="{language}">{_text(said(language))}</span>'
        for language in Language
        if language is not Language.EN
    )
    return between.join([_text(said(Language.EN)), *others])


def _text(said: str) -> str:
    return escape(said, quote=False)
