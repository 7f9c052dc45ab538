"""The words for people: one table, English and Spanish, that a school secretary understands.

A rule answers a code; this is the only place that turns codes into sentences.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause
from reachable.model.guidance import Because, Code, Guidance
from reachable.model.status import Ground
from reachable.rules.reset import Need


class Language(StrEnum):
    """The languages in which we speak to people."""

    EN = "en"
    ES = "es"


type _Words = Mapping[Language, str]

_OF_GROUND: Final[Mapping[Ground, Mapping[CredentialKind, _Words]]] = {
    Ground.COMPLAINT: {
        CredentialKind.EMAIL: {
            Language.EN: "This person marked one of our messages as junk mail.",
            Language.ES: "Esta persona marcó uno de nuestros mensajes como correo no deseado.",
        },
        CredentialKind.PHONE: {
            Language.EN: "This person reported one of our messages as unwanted.",
            Language.ES: "Esta persona denunció uno de nuestros mensajes como no deseado.",
        },
    },
    Ground.UNSUBSCRIBED: {
        CredentialKind.EMAIL: {
            Language.EN: "This person asked for no more email.",
            Language.ES: "Esta persona pidió no recibir más correos.",
        },
        CredentialKind.PHONE: {
            Language.EN: "This person asked for no more texts or calls.",
            Language.ES: "Esta persona pidió no recibir más mensajes ni llamadas.",
        },
    },
    Ground.OPT_OUT: {
        CredentialKind.EMAIL: {
            Language.EN: "This person asked for no more email.",
            Language.ES: "Esta persona pidió no recibir más correos.",
        },
        CredentialKind.PHONE: {
            Language.EN: "This person replied STOP to our texts.",
            Language.ES: "Esta persona respondió STOP a nuestros mensajes de texto.",
        },
    },
    Ground.MANUAL: {
        CredentialKind.EMAIL: {
            Language.EN: "A member of staff marked this email address as not usable.",
            Language.ES: "Un miembro del personal marcó esta dirección de correo como no utilizable.",
        },
        CredentialKind.PHONE: {
            Language.EN: "A member of staff marked this phone number as not usable.",
            Language.ES: "Un miembro del personal marcó este número de teléfono como no utilizable.",
        },
    },
}

_OF_CAUSE: Final[Mapping[Cause, Mapping[CredentialKind, _Words]]] = {
    Cause.INVALID_ADDRESS: {
        CredentialKind.EMAIL: {
            Language.EN: "This email address does not exist.",
            Language.ES: "Esta dirección de correo no existe.",
        },
        CredentialKind.PHONE: {
            Language.EN: "This phone number does not exist or is no longer in service.",
            Language.ES: "Este número de teléfono no existe o ya no está en servicio.",
        },
    },
    Cause.MAILBOX_FULL: {
        CredentialKind.EMAIL: {
            Language.EN: "The mailbox is full.",
            Language.ES: "El buzón está lleno.",
        },
        CredentialKind.PHONE: {
            Language.EN: "The phone can store no more messages.",
            Language.ES: "El teléfono no puede guardar más mensajes.",
        },
    },
    Cause.INACTIVE_OR_UNREACHABLE: {
        CredentialKind.EMAIL: {
            Language.EN: "The mailbox is switched off, or its mail server could not be reached.",
            Language.ES: "El buzón está desactivado o no se pudo contactar con su servidor de correo.",
        },
        CredentialKind.PHONE: {
            Language.EN: "The phone could not be reached: it is off, out of coverage or not in use.",
            Language.ES: "No se pudo contactar con el teléfono: apagado, sin cobertura o sin uso.",
        },
    },
    Cause.LANDLINE_OR_INCAPABLE: {
        CredentialKind.EMAIL: {
            Language.EN: "This address can't take this kind of message.",
            Language.ES: "Esta dirección no puede recibir este tipo de mensaje.",
        },
        CredentialKind.PHONE: {
            Language.EN: "This number is a landline or can't receive texts.",
            Language.ES: "Este número es fijo o no puede recibir mensajes de texto.",
        },
    },
    Cause.CARRIER_BLOCKED_OR_SPAM: {
        CredentialKind.EMAIL: {
            Language.EN: "The mail provider refused our message as unwanted.",
            Language.ES: "El proveedor de correo rechazó nuestro mensaje como no deseado.",
        },
        CredentialKind.PHONE: {
            Language.EN: "The phone company blocks our messages to this number.",
            Language.ES: "La compañía telefónica bloquea nuestros mensajes a este número.",
        },
    },
    Cause.PROVIDER_SUPPRESSED: {
        CredentialKind.EMAIL: {
            Language.EN: "Our mail service no longer sends to this address, since earlier mail failed.",
            Language.ES: "Nuestro servicio de correo ya no envía a esta dirección porque falló antes.",
        },
        CredentialKind.PHONE: {
            Language.EN: "Our message service no longer sends to this number, since earlier messages failed.",
            Language.ES: "Nuestro servicio de mensajes ya no envía a este número porque falló antes.",
        },
    },
    Cause.COMPLAINT: _OF_GROUND[Ground.COMPLAINT],
    Cause.OPT_OUT: _OF_GROUND[Ground.UNSUBSCRIBED],
    Cause.REVOCATION: {
        CredentialKind.EMAIL: {
            Language.EN: "This person wrote back that they want no more email.",
            Language.ES: "Esta persona respondió que no quiere más correos.",
        },
        CredentialKind.PHONE: {
            Language.EN: "This person wrote back that they want no more texts.",
            Language.ES: "Esta persona respondió que no quiere más mensajes de texto.",
        },
    },
    Cause.CONTENT_OR_SIZE: {
        CredentialKind.EMAIL: {
            Language.EN: "The message itself was refused, for its size or content.",
            Language.ES: "Se rechazó el mensaje mismo, por su tamaño o contenido.",
        },
        CredentialKind.PHONE: {
            Language.EN: "The message itself was refused, for its length or content.",
            Language.ES: "Se rechazó el mensaje mismo, por su longitud o contenido.",
        },
    },
    Cause.ACCOUNT_OR_QUOTA: {
        CredentialKind.EMAIL: {
            Language.EN: "Our own mail account refused to send; the address is not at fault.",
            Language.ES: "Nuestra propia cuenta de correo no pudo enviar; la dirección no tiene la culpa.",
        },
        CredentialKind.PHONE: {
            Language.EN: "Our own message account refused to send; the number is not at fault.",
            Language.ES: "Nuestra propia cuenta de mensajes no pudo enviar; el número no tiene la culpa.",
        },
    },
    Cause.MANUAL: _OF_GROUND[Ground.MANUAL],
    Cause.UNKNOWN: {
        CredentialKind.EMAIL: {
            Language.EN: "The message came back, and the mail provider did not say why.",
            Language.ES: "El mensaje fue devuelto y el proveedor de correo no dijo por qué.",
        },
        CredentialKind.PHONE: {
            Language.EN: "The message did not arrive, and the phone company did not say why.",
            Language.ES: "El mensaje no llegó y la compañía telefónica no dijo por qué.",
        },
    },
}

_NEEDS: Final[Mapping[Need, _Words]] = {
    Need.CONSENT: {
        Language.EN: "This person asked for no more messages. Ask them, then reset with their consent: "
        "who gave it and how.",
        Language.ES: "Esta persona pidió no recibir más mensajes. Pregúntele y restablezca con su "
        "consentimiento: quién lo dio y cómo.",
    },
    Need.START: {
        Language.EN: "This person replied STOP. Only they can undo it: ask them to text START to {number}.",
        Language.ES: "Esta persona respondió STOP. Solo ella puede deshacerlo: pídale que envíe START "
        "al {number}.",
    },
}
_OUR_NUMBER: Final[_Words] = {
    Language.EN: "the number that our texts come from",
    Language.ES: "número desde el que llegan nuestros mensajes",
}

_NOUN: Final[Mapping[CredentialKind, _Words]] = {
    CredentialKind.EMAIL: {Language.EN: "email address", Language.ES: "dirección de correo"},
    CredentialKind.PHONE: {Language.EN: "phone number", Language.ES: "número de teléfono"},
}
_ELSEWHERE: Final[Mapping[CredentialKind, _Words]] = {
    CredentialKind.EMAIL: {
        Language.EN: "look in the junk folder",
        Language.ES: "mire en la carpeta de correo no deseado",
    },
    CredentialKind.PHONE: {
        Language.EN: "look among the phone's blocked numbers",
        Language.ES: "mire entre los números bloqueados del teléfono",
    },
}
_GUIDANCE: Final[Mapping[tuple[Code, Because | None], _Words]] = {
    (Code.REMIND, None): {
        Language.EN: "The invitation has not been accepted yet. Send a reminder.",
        Language.ES: "La invitación aún no se ha aceptado. Envíe un recordatorio.",
    },
    (Code.START_NEEDED, None): _NEEDS[Need.START],
    (Code.CONSENT_NEEDED, None): _NEEDS[Need.CONSENT],
    (Code.FIX_SIS_FIRST, None): {
        Language.EN: "Correct the {noun} in the student information system first: a reset alone will not "
        "help, since it has not changed there since it failed.",
        Language.ES: "Corrija primero {noun} en el sistema de información estudiantil: restablecer no "
        "basta, pues allí no ha cambiado desde el fallo.",
    },
    (Code.RESET_WILL_HELP, Because.TEMPORARY): {
        Language.EN: "The problem was a passing one. A reset will probably help.",
        Language.ES: "El problema era pasajero. Restablecer probablemente ayudará.",
    },
    (Code.RESET_WILL_HELP, Because.NEW_HOLDER): {
        Language.EN: "This person has the {noun} since {at}, after it failed for somebody else. A reset will "
        "probably help.",
        Language.ES: "Esta persona lo tiene ({noun}) desde el {at}, después de que fallara para otra "
        "persona. Restablecer probablemente ayudará.",
    },
    (Code.SHARED, None): {
        Language.EN: "Others share this {noun}. A reset opens it for them too.",
        Language.ES: "Otros comparten este contacto ({noun}). Restablecer lo abre también para ellos.",
    },
    (Code.GOOD, Because.NOTHING_BLOCKED): {
        Language.EN: "Nothing blocks this {noun}. If messages are missed, {elsewhere}.",
        Language.ES: "Nada bloquea este contacto ({noun}). Si faltan mensajes, {elsewhere}.",
    },
    (Code.GOOD, Because.DELIVERED): {
        Language.EN: "Nothing blocks this {noun}, and the last message to it was delivered on {at}. If it "
        "was missed, {elsewhere}.",
        Language.ES: "Nada bloquea este contacto ({noun}), y el último mensaje se entregó el {at}. Si no se "
        "vio, {elsewhere}.",
    },
    (Code.GOOD, Because.CORRECTED): {
        Language.EN: "The {noun} was corrected on {at}; no reset is needed.",
        Language.ES: "Este contacto ({noun}) se corrigió el {at}; no hace falta restablecer.",
    },
}


def of_accept_language(header: str) -> Language:
    """The first of our languages that a browser prefers (RFC 9110 section 12.5.4), else English."""
    for part in header.split(","):
        tag = part.split(";")[0].strip().split("-")[0].lower()
        if tag in Language:
            return Language(tag)
    return Language.EN


def reason(ground: Ground | None, cause: Cause, kind: CredentialKind, language: Language) -> str:
    """Why a credential is bad, in a sentence for staff."""
    words = _OF_GROUND.get(ground) if ground is not None else None
    return (words or _OF_CAUSE[cause])[kind][language]


def advice(need: Need, language: Language, our_number: str | None) -> str:
    """What must happen before the rest of a credential opens."""
    return _NEEDS[need][language].format(number=our_number or _OUR_NUMBER[language])


def guidance(one: Guidance, language: Language, our_number: str | None) -> str:
    """What to do about a credential, in a sentence for staff."""
    return _GUIDANCE[(one.code, one.because)][language].format(
        noun=_NOUN[one.kind][language] if one.kind else "",
        elsewhere=_ELSEWHERE[one.kind][language] if one.kind else "",
        at=one.at.date().isoformat() if one.at else "",
        number=our_number or _OUR_NUMBER[language],
    )
