"""Every code has its words, in every language we speak."""

import dataclasses
import itertools
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

import reachable.words as room
from reachable import words
from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause, Channel
from reachable.model.details import Detail
from reachable.model.guidance import Because, Code, Guidance
from reachable.model.message import Dropped
from reachable.model.reset import Need
from reachable.model.roster_problem import ProblemKind
from reachable.model.send import Refusal
from reachable.model.status import Ground
from reachable.model.upstream import Hindrance, Upstream, UpstreamState
from reachable.rules import disclosure
from reachable.words import Language, en, es
from reachable.words._providers import NAMES
from reachable.words._words import Unsubscribing, Words
from tests.builders import clock

EMAIL, PHONE = CredentialKind.EMAIL, CredentialKind.PHONE
EN, ES = Language.EN, Language.ES
WORDS: Final = {EN: en.WORDS, ES: es.WORDS}


def sentences(words_: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Every sentence of a language, by its place in the form."""
    match words_:
        case str():
            yield place, words_
        case Mapping():
            for key, value in words_.items():
                yield from sentences(value, f"{place}/{key}")
        case _:
            for field in dataclasses.fields(words_):  # type: ignore[arg-type]
                yield from sentences(getattr(words_, field.name), f"{place}/{field.name}")


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_a_file_a_language() -> None:
    files = {file.stem for file in Path(str(room.__file__)).parent.glob("[a-z]*.py")}
    assert files == {"en", "es"} == set(Language) == set(WORDS)


@pytest.mark.parametrize("words_", WORDS.values(), ids=WORDS)
def test_every_code_has_words(words_: Words) -> None:
    of_kind = [
        *words_.by_ground.values(),
        *words_.by_cause.values(),
        words_.noun,
        words_.short,
        words_.elsewhere,
    ]
    assert all(set(said) == set(CredentialKind) for said in of_kind)
    said_by_somebody = {Ground.COMPLAINT, Ground.UNSUBSCRIBED, Ground.OPT_OUT, Ground.MANUAL}
    assert set(words_.by_ground) == said_by_somebody  # of the others the cause tells more
    assert set(words_.by_cause) == set(Cause)
    assert set(words_.not_sent) == {*Refusal, *Dropped}
    assert set(words_.needs) == set(Need)
    with_evidence = {Code.RESET_WILL_HELP, Code.GOOD}
    assert set(words_.guidance) == {*Code, *Because} - with_evidence - {Because.STOPPED}
    assert set(words_.guidance_to_oneself) == {*disclosure.PLAIN, Because.STOPPED}
    assert set(words_.roster_problems) == set(ProblemKind)
    assert set(words_.details) == set(Detail)


def test_the_languages_say_the_same_things_with_the_same_placeholders() -> None:
    english, spanish = dict(sentences(en.WORDS)), dict(sentences(es.WORDS))
    assert list(english) == list(spanish)
    assert {place: placeholders(said) for place, said in english.items()} == {
        place: placeholders(said) for place, said in spanish.items()
    }


def test_nothing_is_left_untranslated() -> None:
    english, spanish = dict(sentences(en.WORDS)), dict(sentences(es.WORDS))
    assert {place for place, said in english.items() if said == spanish[place]} == set()


@pytest.mark.parametrize(("language", "words_"), WORDS.items(), ids=WORDS)
def test_no_sentence_is_empty_or_ends_in_blanks(language: Language, words_: Words) -> None:
    said = dict(sentences(words_))
    del said["/label"], said["/invitation/email"]  # which another text follows; which ends its last line
    assert {place: one for place, one in said.items() if not one or one != one.strip()} == {}


@pytest.mark.parametrize("words_", WORDS.values(), ids=WORDS)
def test_each_error_and_each_problem_of_a_roster_has_a_sentence_of_its_own(words_: Words) -> None:
    said = [*words_.details.values(), *words_.roster_problems.values()]
    assert [one for one in said if not one.endswith(".") or " " not in one] == []
    assert sorted(set(said)) == sorted(said)


@pytest.mark.parametrize(
    ("ground", "cause", "kind", "english", "spanish"),
    [
        (None, Cause.MAILBOX_FULL, EMAIL, "The mailbox is full.", "El buzón está lleno."),
        (
            Ground.BOUNCE,
            Cause.INVALID_ADDRESS,
            PHONE,
            "This phone number does not exist or is no longer in service.",
            "Este número de teléfono no existe o ya no está en servicio.",
        ),
        (
            Ground.SUPPRESSED,
            Cause.PROVIDER_SUPPRESSED,
            EMAIL,
            "Our mail service no longer sends to this address, since earlier mail failed.",
            "Nuestro servicio de correo ya no envía a esta dirección porque falló antes.",
        ),
        # A person's own word outranks the cause.
        (
            Ground.COMPLAINT,
            Cause.UNKNOWN,
            EMAIL,
            "This person marked one of our messages as junk mail.",
            "Esta persona marcó uno de nuestros mensajes como correo no deseado.",
        ),
        (
            Ground.OPT_OUT,
            Cause.OPT_OUT,
            PHONE,
            "This person replied STOP to our texts.",
            "Esta persona respondió STOP a nuestros mensajes de texto.",
        ),
        (
            Ground.MANUAL,
            Cause.UNKNOWN,
            PHONE,
            "A member of staff marked this phone number as not usable.",
            "Un miembro del personal marcó este número de teléfono como no utilizable.",
        ),
    ],
)
def test_why_a_credential_is_bad(
    ground: Ground | None, cause: Cause, kind: CredentialKind, english: str, spanish: str
) -> None:
    assert words.reason(ground, cause, kind, EN) == english
    assert words.reason(ground, cause, kind, ES) == spanish


@pytest.mark.parametrize(
    ("reason", "channel", "english", "spanish"),
    [
        ("mailbox_full", Channel.EMAIL, "The mailbox is full.", "El buzón está lleno."),
        (
            "mailbox_full",
            Channel.SMS,
            "The phone can store no more messages.",
            "El teléfono no puede guardar más mensajes.",
        ),
        ("cancelled", Channel.VOICE, "Somebody cancelled it.", "Alguien lo canceló."),
        (
            "unknown_user",
            Channel.EMAIL,
            "This person is no longer in the roster.",
            "Esta persona ya no está en los datos escolares.",
        ),
        ("a_word_of_tomorrow", Channel.EMAIL, None, None),
    ],
)
def test_why_a_message_came_to_its_status(
    reason: str, channel: Channel, english: str | None, spanish: str | None
) -> None:
    assert words.why(reason, channel, EN) == english
    assert words.why(reason, channel, ES) == spanish


@pytest.mark.parametrize(
    ("ground", "cause", "kind", "language"),
    list(itertools.product([None, *Ground], Cause, CredentialKind, Language)),
)
def test_every_block_has_a_reason(
    ground: Ground | None, cause: Cause, kind: CredentialKind, language: Language
) -> None:
    assert words.reason(ground, cause, kind, language).endswith(".")


def test_the_advice_after_stop_names_the_number_to_text() -> None:
    assert words.advice(Need.START, EN, "+12025550100") == (
        "This person replied STOP. Only they can undo it: ask them to text START to +12025550100."
    )
    assert words.advice(Need.START, ES, None) == (
        "Esta persona respondió STOP. Solo ella puede deshacerlo: pídale que envíe START al número desde el que llegan nuestros mensajes."
    )
    assert words.advice(Need.CONSENT, EN, None) == (
        "This person asked for no more messages. Ask them, then reset with their consent: who gave it and how."
    )


@pytest.mark.parametrize(
    ("advised", "english", "spanish"),
    [
        (
            Guidance(Code.REMIND),
            "The invitation has not been accepted yet. Send a reminder.",
            "La invitación aún no se ha aceptado. Envíe un recordatorio.",
        ),
        (
            Guidance(Code.SHARED, PHONE),
            "Others share this phone number. A reset opens it for them too.",
            "Otros comparten este contacto (número de teléfono). Restablecer lo abre también para ellos.",
        ),
        (
            Guidance(Code.RESET_WILL_HELP, EMAIL, Because.NEW_HOLDER, clock("11:00")),
            "This person has the email address since September 14, 2026, after it failed for somebody else. A reset will probably help.",
            "Esta persona lo tiene (dirección de correo) desde el 14 de septiembre de 2026, después de que fallara para otra persona. Restablecer probablemente ayudará.",
        ),
        (
            Guidance(Code.RESET_WILL_HELP, EMAIL, Because.SIS_CHANGED, clock("11:00")),
            "This person has the email address since September 14, 2026, after it failed. A reset will probably help.",
            "Esta persona lo tiene (dirección de correo) desde el 14 de septiembre de 2026, después de que fallara. Restablecer probablemente ayudará.",
        ),
        (
            Guidance(Code.RESET_WILL_HELP, EMAIL, Because.SIGNED_IN, clock("11:00")),
            "Somebody signed in with this email address on September 14, 2026, after it failed. If that took a code or link that was sent to it, a reset will help. If not, ask the person first.",
            "Alguien inició sesión con este contacto (dirección de correo) el 14 de septiembre de 2026, después del fallo. Si para ello usó un código o enlace enviado allí, restablecer ayudará. Si no, pregunte antes a la persona.",
        ),
        (
            Guidance(Code.RESET_WILL_HELP, PHONE, Because.SIGNED_IN_SINCE),
            "Somebody has signed in with this phone number since it failed. If that took a code or link that was sent to it, a reset will help. If not, ask the person first.",
            "Alguien ha iniciado sesión con este contacto (número de teléfono) después del fallo. Si para ello usó un código o enlace enviado allí, restablecer ayudará. Si no, pregunte antes a la persona.",
        ),
        (
            Guidance(Code.CAME_BACK, PHONE, at=clock("11:00")),
            "A message of September 14, 2026 to this phone number failed within days of a reset. Another reset alone will not help: ask the person first.",
            "Un mensaje del 14 de septiembre de 2026 a este contacto (número de teléfono) falló a los pocos días de restablecerlo. Restablecer otra vez no basta: pregunte antes a la persona.",
        ),
        (
            Guidance(Code.GOOD, EMAIL, Because.NOTHING_BLOCKED),
            "Nothing blocks this email address. If messages are missed, look in the junk folder.",
            "Nada bloquea este contacto (dirección de correo). Si faltan mensajes, mire en la carpeta de correo no deseado.",
        ),
    ],
)
def test_what_to_do_about_a_credential(advised: Guidance, english: str, spanish: str) -> None:
    assert words.guidance(advised, EN, None, zone=UTC) == english
    assert words.guidance(advised, ES, None, zone=UTC) == spanish


@pytest.mark.parametrize(
    ("advised", "number", "english", "spanish"),
    [
        (
            Guidance(Code.WANTS_NO_CONTACT, PHONE, Because.STOPPED),
            "+12025550100",
            "Texts to this phone number were stopped. To get them again, text START to +12025550100.",
            "Los mensajes de texto a este contacto (número de teléfono) se detuvieron. Para recibirlos de nuevo, envíe START al +12025550100.",
        ),
        (
            Guidance(Code.WANTS_NO_CONTACT, EMAIL),
            None,
            "Messages to this email address were declined. If you want them again, tell the school's office.",
            "Los mensajes a este contacto (dirección de correo) se rechazaron. Si los quiere de nuevo, dígalo en la oficina de la escuela.",
        ),
        # What staff do about it is nothing for them.
        (
            Guidance(Code.RESET_WILL_HELP, EMAIL, Because.SIS_CHANGED, clock("11:00")),
            None,
            "A message to this email address did not arrive, so no more are sent. Ask the school's office to open it again.",
            "Un mensaje a este contacto (dirección de correo) no llegó, y por eso no se envían más. Pida a la oficina de la escuela que lo abra de nuevo.",
        ),
    ],
)
def test_what_one_is_told_of_one_s_own_credential(
    advised: Guidance, number: str | None, english: str, spanish: str
) -> None:
    assert words.guidance_to_oneself(advised, EN, number, zone=UTC) == english
    assert words.guidance_to_oneself(advised, ES, number, zone=UTC) == spanish


def test_before_a_text_to_a_shared_phone_stands_whom_it_is_for() -> None:
    assert [words.label("Ada", language) for language in (EN, ES)] == ["For Ada: ", "Para Ada: "]


def test_an_invitation_is_filled_in() -> None:
    named = words.invitation(EN, district="Ridge District", url="https://ridge.example")
    assert (named.subject, named.sms) == (
        "Sign up for messages from Ridge District",
        "You are invited to get messages from Ridge District. Sign up: https://ridge.example",
    )
    assert named.email.splitlines()[3] == "https://ridge.example"
    unnamed = words.invitation(ES, district="", url="https://ridge.example")
    assert unnamed.sms == (
        "Le invitamos a recibir mensajes de su distrito escolar. Registro: https://ridge.example"
    )


def test_the_page_of_a_mail_s_link_asks_before_it_unsubscribes() -> None:
    assert words.unsubscribing(EN) == Unsubscribing(
        ask="Stop all email from the school to this address?",
        button="Unsubscribe",
        done="Done: no more email goes to this address. The school's office can undo it.",
    )
    assert words.unsubscribing(ES) == Unsubscribing(
        ask="¿Dejar de recibir todo correo de la escuela en esta dirección?",
        button="Cancelar",
        done="Hecho: ya no se enviará correo a esta dirección. La oficina de la escuela puede deshacerlo.",
    )


def test_what_to_do_about_a_problem_of_a_roster() -> None:
    assert words.what_to_do(ProblemKind.NAME_MISSING, EN) == (
        "Without a name nobody finds this person, school or class. Add it in the SIS."
    )
    assert words.what_to_do(ProblemKind.NAME_MISSING, ES) == (
        "Sin nombre nadie encuentra a esta persona, escuela o clase. Añádalo en el SIS."
    )


def test_what_is_told_of_an_error() -> None:
    assert words.detail(Detail.NO_SUCH_CREDENTIAL, EN, {"kind": PHONE}) == "This user has no phone."
    assert words.detail(Detail.NO_SUCH_CREDENTIAL, ES, {"kind": PHONE}) == "Esta persona no tiene teléfono."
    assert (
        words.detail(Detail.TOO_MANY_LINES, EN, {"limit": "1,000"})
        == "The object has more than 1,000 lines; divide it."
    )
    assert words.detail(Detail.LINK_NOT_VALID, ES, {}) == "Este enlace no es válido, o ya no lo es."


@pytest.mark.parametrize("language", Language)
def test_the_subject_of_a_notification_is_in_ascii(language: Language) -> None:
    """Amazon SNS takes no other."""
    mail = words.roster_mail(language)
    assert all(
        subject.isascii() and len(subject) < 100
        for subject in (mail.refused_subject, mail.unread_subject, mail.failed_subject)
    )


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("es-MX,en;q=0.8", "es"),
        ("fr-FR, es;q=0.5", "es"),
        ("EN", "en"),
        ("de", "en"),
    ],
)
def test_the_browser_s_first_language_that_we_speak_is_taken(header: str, language: str) -> None:
    assert words.of_accept_language(header) == language


@pytest.mark.parametrize(
    ("languages", "language"),
    [(("es", "en"), "es"), (("vi", "es"), "es"), (("vi", "fr"), "en"), ((), "en")],
)
def test_of_several_languages_the_first_that_we_speak_is_taken(languages: Any, language: str) -> None:
    assert words.spoken(*languages) == language


def listed(hindrance: Hindrance | None, provider: str = "ses") -> Upstream:
    return Upstream(
        provider=provider,
        state=UpstreamState.REFUSED,
        at=AT,
        hindrance=hindrance,
        retry_after=AT + timedelta(hours=13, minutes=5),
    )


AT = datetime(2026, 9, 14, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hindrance", "english", "spanish"),
    [
        (Hindrance.START, "ask them to text START to +1206.", "que envíe START al +1206."),
        (Hindrance.CONSENT, "reset with their consent", "restablezca con su consentimiento"),
        (Hindrance.SUPPORT, "only its support can take it off", "solo su servicio de asistencia puede"),
        (Hindrance.OWN_GUESS, "takes this phone number for a wrong one", "(número de teléfono) es erróneo"),
        (
            Hindrance.NOT_YET,
            "not before September 14, 2026, 10:05\u202fPM UTC",
            "antes del 14 de septiembre de 2026, 22:05 UTC",
        ),
        (Hindrance.LISTED_AGAIN, "again after the reset", "volvió a poner"),
        (Hindrance.NOT_SET_UP, "Whoever runs Reachable has been told", "Se ha avisado a quien administra"),
        (
            Hindrance.IN_LINE,
            "asked for on September 14, 2026, 10:05\u202fPM UTC",
            "se pide el 14 de septiembre de 2026, 22:05 UTC",
        ),
        (Hindrance.CANNOT_BE_ASKED, "The next message will show", "El próximo mensaje lo mostrará"),
        (
            Hindrance.NO_ANSWER,
            "asked again on September 14, 2026, 10:05\u202fPM UTC",
            "de nuevo el 14 de septiembre de 2026, 22:05 UTC",
        ),
        (Hindrance.GAVE_UP, "Reset it again to ask once more", "Restablézcalo otra vez"),
    ],
)
def test_what_keeps_it_on_a_providers_list_says_what_to_do(
    hindrance: Hindrance, english: str, spanish: str
) -> None:
    for language, sentence in ((Language.EN, english), (Language.ES, spanish)):
        told = words.of_upstream(listed(hindrance), CredentialKind.PHONE, language, "+1206", zone=UTC)
        assert told is not None
        assert sentence in told
        assert "Amazon SES" in told


def test_what_nothing_keeps_has_no_advice_and_a_strange_provider_its_own_name() -> None:
    assert words.of_upstream(listed(None), CredentialKind.EMAIL, Language.EN, None, zone=UTC) is None
    told = words.of_upstream(
        listed(Hindrance.CONSENT, "pigeon"), CredentialKind.EMAIL, Language.EN, None, zone=UTC
    )
    assert (told or "").startswith("pigeon has this email address on its own list")


def test_the_advice_about_a_list_is_that_of_the_list() -> None:
    advised = Guidance(Code.PROVIDER_STILL_BLOCKS, CredentialKind.EMAIL, upstream=listed(Hindrance.SUPPORT))
    told = words.of_upstream(listed(Hindrance.SUPPORT), CredentialKind.EMAIL, Language.EN, None, zone=UTC)
    assert words.guidance(advised, Language.EN, None, zone=UTC) == told
    plain = Guidance(Code.PROVIDER_STILL_BLOCKS, CredentialKind.EMAIL, upstream=listed(None))
    assert words.guidance(plain, Language.EN, None, zone=UTC).startswith(
        "The service that sends our messages"
    )


def test_every_provider_has_a_name() -> None:
    files = Path(words.__file__).parents[1].joinpath("providers").glob("[!_]*.py")
    assert {file.stem for file in files} == set(NAMES)


def test_a_provider_is_named_as_people_know_it() -> None:
    assert (words.provider("ses"), words.provider("carrier_pigeon")) == ("Amazon SES", "carrier_pigeon")


@pytest.mark.parametrize(
    ("zone", "english", "spanish", "until"),
    [
        ("UTC", "September 15, 2026", "15 de septiembre de 2026", "September 15, 2026, 1:30\u202fAM UTC"),
        (
            "America/Los_Angeles",
            "September 14, 2026",
            "14 de septiembre de 2026",
            "September 14, 2026, 6:30\u202fPM PDT",
        ),
        (
            "Asia/Tokyo",
            "September 15, 2026",
            "15 de septiembre de 2026",
            "September 15, 2026, 10:30\u202fAM JST",
        ),
    ],
)
def test_days_and_times_are_those_of_the_district(zone: str, english: str, spanish: str, until: str) -> None:
    """Half past six in the evening in Los Angeles."""
    at, there = datetime(2026, 9, 15, 1, 30, tzinfo=UTC), ZoneInfo(zone)
    assert words.day(at, EN, there) == english
    assert words.day(at, ES, there) == spanish
    sentence = words.hindrance(Hindrance.NOT_YET, "ses", CredentialKind.EMAIL, EN, None, until=at, zone=there)
    assert sentence.endswith(f"not before {until}.")
