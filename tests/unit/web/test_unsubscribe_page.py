"""The pages that the link of a mail leads to."""

from reachable.web import unsubscribe_page


def test_it_asks_in_both_languages_and_has_one_button_that_posts() -> None:
    page = unsubscribe_page.ask()
    assert "<p>Stop all email from the school to this address?<br>" in page
    assert '<span lang="es">¿Dejar de recibir todo correo de la escuela en esta dirección?</span></p>' in page
    assert page.count("<button") == page.count('<form method="post">') == 1
    assert 'Unsubscribe · <span lang="es">Cancelar</span></button></form>' in page
    assert "<title>Unsubscribe</title>" in page


def test_it_says_that_it_is_done_and_who_can_undo_it() -> None:
    page = unsubscribe_page.done()
    assert "<p>Done: no more email goes to this address. The school's office can undo it.<br>" in page
    assert '<span lang="es">Hecho: ya no se enviará correo a esta dirección.' in page
    assert "<form" not in page
