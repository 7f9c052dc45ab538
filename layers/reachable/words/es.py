"""What we say in Spanish: to a person as *usted*, of a person without gender."""

from typing import Final

from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause
from reachable.model.details import Detail
from reachable.model.guidance import Because, Code
from reachable.model.reset import Need
from reachable.model.roster_problem import ProblemKind
from reachable.model.status import Ground
from reachable.words._words import InvitationTexts, OfKind, RosterMail, Unsubscribing, Words

_COMPLAINT: Final[OfKind] = {
    CredentialKind.EMAIL: "Esta persona marcó uno de nuestros mensajes como correo no deseado.",
    CredentialKind.PHONE: "Esta persona denunció uno de nuestros mensajes como no deseado.",
}
_UNSUBSCRIBED: Final[OfKind] = {
    CredentialKind.EMAIL: "Esta persona pidió no recibir más correos.",
    CredentialKind.PHONE: "Esta persona pidió no recibir más mensajes ni llamadas.",
}
_BY_HAND: Final[OfKind] = {
    CredentialKind.EMAIL: "Un miembro del personal marcó esta dirección de correo como no utilizable.",
    CredentialKind.PHONE: "Un miembro del personal marcó este número de teléfono como no utilizable.",
}
_CONSENT: Final = "Esta persona pidió no recibir más mensajes. Pregúntele y restablezca con su consentimiento: quién lo dio y cómo."
_START: Final = "Esta persona respondió STOP. Solo ella puede deshacerlo: pídale que envíe START al {number}."

WORDS: Final = Words(
    by_ground={
        Ground.COMPLAINT: _COMPLAINT,
        Ground.UNSUBSCRIBED: _UNSUBSCRIBED,
        Ground.OPT_OUT: {
            CredentialKind.EMAIL: "Esta persona pidió no recibir más correos.",
            CredentialKind.PHONE: "Esta persona respondió STOP a nuestros mensajes de texto.",
        },
        Ground.MANUAL: _BY_HAND,
    },
    by_cause={
        Cause.INVALID_ADDRESS: {
            CredentialKind.EMAIL: "Esta dirección de correo no existe.",
            CredentialKind.PHONE: "Este número de teléfono no existe o ya no está en servicio.",
        },
        Cause.MAILBOX_FULL: {
            CredentialKind.EMAIL: "El buzón está lleno.",
            CredentialKind.PHONE: "El teléfono no puede guardar más mensajes.",
        },
        Cause.INACTIVE_OR_UNREACHABLE: {
            CredentialKind.EMAIL: "El buzón está desactivado o no se pudo contactar con su servidor de correo.",
            CredentialKind.PHONE: "No se pudo contactar con el teléfono: apagado, sin cobertura o sin uso.",
        },
        Cause.LANDLINE_OR_INCAPABLE: {
            CredentialKind.EMAIL: "Esta dirección no puede recibir este tipo de mensaje.",
            CredentialKind.PHONE: "Este número es fijo o no puede recibir mensajes de texto.",
        },
        Cause.CARRIER_BLOCKED_OR_SPAM: {
            CredentialKind.EMAIL: "El proveedor de correo rechazó nuestro mensaje como no deseado.",
            CredentialKind.PHONE: "La compañía telefónica bloquea nuestros mensajes a este número.",
        },
        Cause.PROVIDER_SUPPRESSED: {
            CredentialKind.EMAIL: "Nuestro servicio de correo ya no envía a esta dirección porque falló antes.",
            CredentialKind.PHONE: "Nuestro servicio de mensajes ya no envía a este número porque falló antes.",
        },
        Cause.COMPLAINT: _COMPLAINT,
        Cause.OPT_OUT: _UNSUBSCRIBED,
        Cause.REVOCATION: {
            CredentialKind.EMAIL: "Esta persona respondió que no quiere más correos.",
            CredentialKind.PHONE: "Esta persona respondió que no quiere más mensajes de texto.",
        },
        Cause.CONTENT_OR_SIZE: {
            CredentialKind.EMAIL: "Se rechazó el mensaje mismo, por su tamaño o contenido.",
            CredentialKind.PHONE: "Se rechazó el mensaje mismo, por su longitud o contenido.",
        },
        Cause.ACCOUNT_OR_QUOTA: {
            CredentialKind.EMAIL: "Nuestra propia cuenta de correo no pudo enviar; la dirección no tiene la culpa.",
            CredentialKind.PHONE: "Nuestra propia cuenta de mensajes no pudo enviar; el número no tiene la culpa.",
        },
        Cause.MANUAL: _BY_HAND,
        Cause.UNKNOWN: {
            CredentialKind.EMAIL: "El mensaje fue devuelto y el proveedor de correo no dijo por qué.",
            CredentialKind.PHONE: "El mensaje no llegó y la compañía telefónica no dijo por qué.",
        },
    },
    needs={Need.CONSENT: _CONSENT, Need.START: _START},
    our_number="número desde el que llegan nuestros mensajes",
    noun={
        CredentialKind.EMAIL: "dirección de correo",
        CredentialKind.PHONE: "número de teléfono",
    },
    short={CredentialKind.EMAIL: "correo", CredentialKind.PHONE: "teléfono"},
    elsewhere={
        CredentialKind.EMAIL: "mire en la carpeta de correo no deseado",
        CredentialKind.PHONE: "mire entre los números bloqueados del teléfono",
    },
    guidance={
        Code.REMIND: "La invitación aún no se ha aceptado. Envíe un recordatorio.",
        Code.START_NEEDED: _START,
        Because.STOP_OF_BEFORE: "Alguien respondió STOP desde este contacto ({noun}) antes de que esta persona lo tuviera. Para deshacerlo, pídale que envíe START al {number}.",
        Code.CONSENT_NEEDED: _CONSENT,
        Because.CONSENT_OR_START: "Esta persona pidió con sus palabras no recibir más mensajes de texto. Pregúntele: restablezca con su consentimiento (quién lo dio y cómo), o que envíe START al {number}.",
        Because.WISH_OF_BEFORE: "Alguien pidió no recibir más mensajes en este contacto ({noun}) antes de que esta persona lo tuviera. Pregunte a esta persona y restablezca con su consentimiento: quién lo dio y cómo.",
        Code.WANTS_NO_CONTACT: "En este contacto ({noun}) no se desean mensajes. Comuníquese con la persona de otra manera.",
        Code.CAME_BACK: "Un mensaje del {at} a este contacto ({noun}) falló a los pocos días de restablecerlo. Restablecer otra vez no basta: pregunte antes a la persona.",
        Code.FIX_SIS_FIRST: "Corrija primero {noun} en el sistema de información estudiantil: restablecer no basta, pues allí no ha cambiado desde el fallo.",
        Because.INCAPABLE: "Este contacto ({noun}) no puede recibir tales mensajes, y restablecer no lo cambia. Añada otro que pueda en el sistema de información estudiantil.",
        Because.SWITCHED_OFF: "Este contacto ({noun}) existe pero está fuera de uso. Pregunte a la persona: corríjalo en el sistema de información estudiantil, o restablézcalo cuando vuelva a usarse.",
        Because.FAILED_FOR_GOOD: "Un mensaje a este contacto ({noun}) falló de forma definitiva y nadie dijo por qué. Compruébelo con la persona: corríjalo en el sistema de información estudiantil, o restablézcalo si es correcto.",
        Because.FAILED_BEFORE: "Los mensajes a este contacto ({noun}) fallaron antes, y por eso ya no se intentan. Compruébelo con la persona: corríjalo en el sistema de información estudiantil, o restablézcalo si es correcto.",
        Because.BY_HAND: "Un miembro del personal marcó este contacto ({noun}) como no utilizable. Corríjalo en el sistema de información estudiantil, o restablézcalo si al final funciona.",
        Because.TEMPORARY: "El problema era pasajero. Restablecer probablemente ayudará.",
        Because.NEW_HOLDER: "Esta persona lo tiene ({noun}) desde el {at}, después de que fallara para otra persona. Restablecer probablemente ayudará.",
        Because.SIS_CHANGED: "Esta persona lo tiene ({noun}) desde el {at}, después de que fallara. Restablecer probablemente ayudará.",
        Because.UNWANTED: "Nuestro mensaje se rechazó como no deseado; este contacto ({noun}) no tiene la culpa. Pida a la persona que deje pasar nuestros mensajes; entonces restablecer probablemente ayudará.",
        Because.NOT_ITS_FAULT: "La culpa fue del mensaje, no de este contacto ({noun}). Restablecer ayudará.",
        Because.NOT_SAID: "Nadie dijo por qué falló el mensaje. Si la persona dice que este contacto ({noun}) es correcto, restablecer probablemente ayudará.",
        Code.PROVIDER_STILL_BLOCKS: "El servicio que envía nuestros mensajes aún tiene este contacto ({noun}) en su propia lista de rechazados. Mientras no se quite de ella, los mensajes volverán.",
        Because.RETRY_LATER: "El servicio que envía nuestros mensajes aún tiene este contacto ({noun}) en su propia lista de rechazados, al menos hasta el {at}.",
        Code.SHARED: "Otros comparten este contacto ({noun}). Restablecer lo abre también para ellos.",
        Because.NONE_SENT: "Nada bloquea este contacto ({noun}). No se conoce ningún mensaje a él.",
        Because.NOTHING_BLOCKED: "Nada bloquea este contacto ({noun}). Si faltan mensajes, {elsewhere}.",
        Because.DELIVERED: "Nada bloquea este contacto ({noun}), y el último mensaje se entregó el {at}. Si no se vio, {elsewhere}.",
        Because.CORRECTED: "Este contacto ({noun}) se corrigió el {at}; no hace falta restablecer.",
    },
    guidance_to_oneself={
        Code.REMIND: "Usted aún no ha aceptado la invitación.",
        Code.WANTS_NO_CONTACT: "Los mensajes a este contacto ({noun}) se rechazaron. Si los quiere de nuevo, dígalo en la oficina de la escuela.",
        Because.STOPPED: "Los mensajes de texto a este contacto ({noun}) se detuvieron. Para recibirlos de nuevo, envíe START al {number}.",
        Code.FIX_SIS_FIRST: "Los mensajes a este contacto ({noun}) no llegan. Si es incorrecto o ya no se usa, dé el correcto a la oficina de la escuela.",
        Code.RESET_WILL_HELP: "Un mensaje a este contacto ({noun}) no llegó, y por eso no se envían más. Pida a la oficina de la escuela que lo abra de nuevo.",
        Code.SHARED: "Otras personas tienen también este contacto ({noun}): lo que lo cierra o lo abre vale para todas.",
    },
    label="Para {name}: ",
    invitation=InvitationTexts(
        subject="Regístrese para recibir mensajes de {district}",
        email="Le invitamos a recibir mensajes de {district} por correo electrónico y por teléfono.\n\n"
        "Regístrese aquí, con la dirección de correo a la que llegó esta invitación:\n{url}\n\n"
        "Si no esperaba esta invitación, no tiene que hacer nada.\n",
        sms="Le invitamos a recibir mensajes de {district}. Registro: {url}",
        district="su distrito escolar",
    ),
    unsubscribing=Unsubscribing(
        ask="¿Dejar de recibir todo correo de la escuela en esta dirección?",
        button="Cancelar",
        done="Hecho: ya no se enviará correo a esta dirección. La oficina de la escuela puede deshacerlo.",
    ),
    roster_mail=RosterMail(
        refused_subject="Reachable: se rechazaron los datos escolares",
        refused="Los datos escolares {key} (importación {import_id}) se rechazaron. No se aplicó nada de ellos.",
        report="El informe, {report}, enumera los problemas con archivo, línea y columna.",
        failed_subject="Reachable: los datos escolares no se pudieron importar",
        failed="La importación {import_id} de {key} falló ({error}). Ejecute otra vez el mismo archivo: lo que "
        "se escribió sigue bien, y entonces se escribirá el resto.",
    ),
    roster_problems={
        ProblemKind.NOT_A_ZIP: "No es un archivo zip, o está dañado o cifrado. Expórtelo de nuevo.",
        ProblemKind.TOO_LARGE: "Los archivos son más grandes de lo que admite una importación. Pida un delta al proveedor.",
        ProblemKind.NO_MANIFEST: "Incluya en el zip manifest.csv, con propertyName y value.",
        ProblemKind.UNSUPPORTED_VERSION: "Exporte OneRoster 1.1 o 1.2 (oneroster.version en manifest.csv).",
        ProblemKind.UNKNOWN_MODE: "En manifest.csv un archivo es absent, bulk o delta.",
        ProblemKind.FILE_TWICE: "El zip tiene dos archivos con este nombre. Deje uno solo.",
        ProblemKind.FILE_MISSING: "El archivo no está en el zip, o el manifiesto dice absent. Expórtelo también.",
        ProblemKind.FILE_NOT_ANNOUNCED: "El manifiesto dice absent, así que este archivo no se leyó.",
        ProblemKind.DELTA_WITHOUT_BASE: "Todavía no hay nada que un delta pueda cambiar. Importe primero un bulk.",
        ProblemKind.ENCODING_UNREADABLE: "El texto no es UTF-8 ni Windows-1252. Expórtelo como UTF-8.",
        ProblemKind.ENCODING_NOT_UTF8: "No es UTF-8; se adivinó cuál es. Exporte UTF-8, para que ningún nombre se estropee.",
        ProblemKind.CSV_UNREADABLE: "Falta cerrar unas comillas, o un campo pasa de 128 KB.",
        ProblemKind.COLUMN_MISSING: "Esta columna es obligatoria. Revise los nombres de las columnas y las comas.",
        ProblemKind.COLUMN_TWICE: "Esta columna está dos veces. Quite una.",
        ProblemKind.FIELD_COUNT: "Esta línea tiene más o menos campos que el encabezado. Busque comas de más.",
        ProblemKind.ID_MISSING: "Cada línea necesita un sourcedId.",
        ProblemKind.ID_TWICE: "Dos líneas distintas tienen este sourcedId. Cada id nombra una sola cosa.",
        ProblemKind.ROW_TWICE: "La misma línea está dos veces; se leyó una.",
        ProblemKind.UNKNOWN_STATUS: "status es active, tobedeleted o vacío.",
        ProblemKind.UNKNOWN_ROLE: "OneRoster no tiene ese rol; quien no tiene otro quedó fuera.",
        ProblemKind.ROLE_MISSING: "Nada dice qué es esta persona, así que quedó fuera. Exporte el rol.",
        ProblemKind.UNKNOWN_REFERENCE: "Nada en la exportación tiene este id; la relación quedó fuera.",
        ProblemKind.NAME_MISSING: "Sin nombre nadie encuentra a esta persona o clase. Añádalo en el SIS.",
        ProblemKind.NOT_A_DATE: "Escriba las fechas como AAAA-MM-DD; esta se tomó como vacía.",
        ProblemKind.NOT_AN_EMAIL: "Corrija el correo en el SIS; hasta entonces esta persona no tiene ninguno.",
        ProblemKind.EMAIL_PLACEHOLDER: "Deje el campo vacío en lugar de una dirección inventada.",
        ProblemKind.NOT_A_PHONE: "Corrija el número en el SIS, con código de área; quedó fuera.",
        ProblemKind.PHONE_EXTENSION: "Ningún mensaje de texto llega a una extensión. Indique un número directo; quedó fuera.",
        ProblemKind.PHONE_PLACEHOLDER: "Deje el campo vacío en lugar de un número inventado.",
        ProblemKind.UNKNOWN_LANGUAGE: "Escriba el idioma como en, es o es-MX; se tomó el del distrito.",
        ProblemKind.TOO_MUCH_REMOVED: "Se eliminaría más de lo habitual. Revise la exportación y luego fuércela.",
        ProblemKind.TOO_MUCH_CHANGED: "Se cambiaría más de lo habitual. Revise la exportación y luego fuércela.",
    },
    details={
        Detail.NO_SUCH_ROUTE: "Esa ruta no existe.",
        Detail.WRONG_SHAPE: "La solicitud no tiene la forma que esta ruta admite.",
        Detail.NO_JSON: "Esto no es JSON.",
        Detail.BODY_TOO_LARGE: "El cuerpo supera los 4 MB.",
        Detail.CHANGED_EACH_TIME: "Otras personas lo están cambiando ahora mismo. Mírelo de nuevo y repítalo.",
        Detail.NO_ANSWER: "Un servicio que necesitamos no respondió. Inténtelo de nuevo.",
        Detail.NOT_OUR_CURSOR: "Este cursor no es uno de los nuestros.",
        Detail.NO_ACCESS_TOKEN: "Esto no es un token de acceso.",
        Detail.NO_SCOPE: "Este token no tiene el alcance {scope}.",
        Detail.NO_SCOPE_NOR_ROLE: "Este token no tiene ni el alcance {scope} ni el rol para ello.",
        Detail.UNREADABLE_CLAIM: "El token lleva una dirección que no se puede leer.",
        Detail.NO_STAFF_ROLE: "Este token no tiene ningún rol del personal.",
        Detail.NO_STAFF_ACCOUNT: "Este token no corresponde a ninguna cuenta del personal: no demuestra ningún contacto de una.",
        Detail.SEVERAL_STAFF_ACCOUNTS: "Este token corresponde a varias cuentas del personal: el emisor debe nombrar una.",
        Detail.NOBODY_NAMED: "Diga quién es, en `as`: queda en el registro de auditoría.",
        Detail.MAY_NOT_SEARCH: "Su rol no permite buscar.",
        Detail.MAY_NOT_SEE_HISTORY: "Su rol no permite ver el historial de los contactos.",
        Detail.MAY_NOT_SEE_MESSAGES: "Su rol no permite ver los mensajes.",
        Detail.MAY_NOT_RESET: "Su rol no permite restablecer contactos.",
        Detail.MAY_NOT_MARK: "Su rol no permite marcar contactos.",
        Detail.MAY_NOT_REMIND: "Su rol no permite enviar recordatorios.",
        Detail.MAY_NOT_IMPORT: "Su rol no permite importar datos escolares.",
        Detail.NO_SUCH_USER: "Esa persona no existe, o usted no puede verla.",
        Detail.NO_SUCH_STUDENT: "Ese estudiante no existe, o usted no puede verlo.",
        Detail.NO_SUCH_SCHOOL: "No hay tal escuela, o ninguna que usted pueda ver.",
        Detail.NO_SUCH_CREDENTIAL: "Esta persona no tiene {kind}.",
        Detail.NO_SUCH_CHANNEL: "Su {kind} no tiene el canal {channel}.",
        Detail.NO_GROUND_BY_HAND: "A mano, el motivo es manual o unsubscribed.",
        Detail.PROFILE_CHANGED: "El perfil ha cambiado desde que usted lo vio.",
        Detail.STATUS_CHANGED: "El estado ha cambiado mientras tanto.",
        Detail.NOBODY_TO_LOOK_FOR: "Diga a quién buscar: un nombre o un filtro.",
        Detail.NOT_AN_EMAIL: "Esto no es una dirección de correo.",
        Detail.NOT_A_PHONE: "Esto no es un número de teléfono.",
        Detail.PHONE_EXTENSION: "Este número de teléfono tiene una extensión.",
        Detail.PHONE_LENGTH: "Este número de teléfono tiene muy pocos o demasiados dígitos.",
        Detail.NO_KIND_OF_CREDENTIAL: "Un contacto empieza por email: o phone:.",
        Detail.NO_SUCH_MESSAGE: "Ese mensaje no existe.",
        Detail.NO_SUCH_BATCH: "No se sabe nada de ese lote.",
        Detail.NOT_HELD: "Esto no está retenido.",
        Detail.PROVES_NO_ACCOUNT: "Este token no demuestra ningún contacto de esa cuenta.",
        Detail.ACCOUNT_IS_ACTIVE: "Esta cuenta está activa: no hay nada que recordar.",
        Detail.NO_CREDENTIAL: "Esta persona no tiene ni correo ni teléfono.",
        Detail.REMINDED_TODAY: "Hoy ya se envió un recordatorio.",
        Detail.REMINDER_REFUSED: "No se puede enviar el recordatorio: {reason}.",
        Detail.NOWHERE_TO_SIGN_UP: "No hay dirección donde registrarse (el parámetro SignUpUrl).",
        Detail.LINK_NOT_VALID: "Este enlace no es válido, o ya no lo es.",
        Detail.NO_SUCH_IMPORT: "Esa importación no existe.",
        Detail.IMPORT_NOT_ENDED: "Esta importación no ha terminado: todavía no se puede forzar nada.",
        Detail.FORCE_MENDS_NOTHING: "El archivo mismo está mal, y forzarlo no lo arregla. Corrija la exportación y súbala.",
        Detail.JUST_RUN_AGAIN: "Alguien acaba de ejecutar de nuevo esta importación.",
        Detail.UNREADABLE_INPUT: "La entrada no se puede leer: {wrong}. Es un objeto con key (checks/ y un nombre que termina en .csv o .jsonl, y después .gz si está comprimido), channel y purpose.",
        Detail.NO_SUCH_OBJECT: "Ese objeto no está en el depósito de resultados.",
        Detail.NOT_PACKED: "El objeto se llama .gz y no se puede descomprimir.",
        Detail.NOT_UTF_8: "El objeto es UTF-16; guárdelo como UTF-8.",
        Detail.TOO_MANY_LINES: "El objeto tiene más de {limit} líneas; divídalo.",
        Detail.WRONG_COLUMNS: "La primera línea de un CSV nombra sus columnas, cada una una vez: una o más de {whom}, y quizá {how}.",
        Detail.NO_RECIPIENTS: "No hay destinatarios en el objeto.",
    },
)
