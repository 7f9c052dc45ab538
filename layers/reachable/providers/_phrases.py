"""Phrases of mail servers, as data: what each is about. `_replies` reads them and argues their order.

Sources: RFC 5321 section 4.2 and RFC 3463 for what the standards say; the texts of Postfix, Exim, Sendmail,
qmail and Exchange; the error pages of Gmail, Microsoft, Yahoo, Apple, Mimecast, GMX, QQ and Coremail. No reply
was copied: a phrase holds what recurs in many.

A phrase is words in their order. ``..`` stands for up to four others, ``.`` for one at most, a word in capitals
for any of its set. Phrases and replies are read alike: without articles, auxiliaries, numbers, hosts, accents
and plurals, an address as ``@``, what `JOINED` has as one word; so "the recipient's address does not exist" is
"recipient nonexistent". Other languages are in the sets; a phrase of their own have only those few that say it
without naming the mailbox.
"""

from collections.abc import Mapping
from typing import Final

from reachable.providers._meanings import (
    CONTENT,
    FULL,
    INACTIVE,
    INVALID,
    POLICY,
    SECURITY,
    SENDER,
    UNAVAILABLE,
    UNREACHABLE,
    Meaning,
)

SETS: Final[Mapping[str, str]] = {
    "MAILBOX": """
        @ account address addressee alias customer inbox mailbox mbox member rcpt recipient subscriber user
        username destinataire utilisateur compte boîte adresse
        usuario destinatario buzón cuenta casilla dirección utilizador caixa conta endereço
        utente casella indirizzo
        benutzer nutzer empfänger empfängeradresse postfach konto mailadresse gebruiker ontvanger postvak
        użytkownik odbiorca adresat adres skrzynka пользователь получатель адресат адрес ящик аккаунт
        kullanıcı alıcı
    """,
    "DEAD": """
        ambiguous bad illegal incorrect invalid malformed nonexistent unallocated undeliverable unknown unlisted unrecognized
        unregistered unresolvable unroutable unverified
        inconnu inconnue inexistant inexistante introuvable invalide
        inexistente desconocido desconocida inválido inválida desconhecido desconhecida
        inesistente sconosciuto sconosciuta unbekannt unbekannter ungültig onbekend
        nieznany nieprawidłowy неизвестен несуществующий geçersiz bulunamadı
    """,
    "INACTIVE": """
        cancelled closed deactivated deleted disabled discontinued dormant expired frozen inactive locked
        removed restricted retired suspended terminated
        bloqué désactivé suspendu fermé inactif
        deshabilitada deshabilitado desactivada suspendida bloqueada inactivo
        desativada desabilitada suspensa bloqueado disattivato disabilitata sospeso
        deaktiviert gesperrt inaktiv zablokowane wyłączone nieaktywne заблокирован отключен неактивен
    """,
    "FULL": """
        full overquota plein pleine lleno llena cheia lotada piena voll überfüllt vol przepełniona pełna переполнен
    """,
    "STOPPED": """
        banned blocked bounced declined denied disallowed forbidden prohibited refuse refused refusing reject
        rejected rejecting rejection unacceptable unaccepted
        bloqués rechazado rechazada rejeitado rejeitada recusado abgelehnt abgewiesen verweigert
        rifiutato odrzucony odrzucona отклонено отклонен
    """,
    "SENDER": "sender originator expéditeur émetteur remitente remetente absender mittente nadawca отправитель",
    "IP": "ip client network",
    "SENT": "command connection error invalid login mail recipient request session spam transaction unknown",
    "BLOCKLIST": """
        abuseat abusix barracudacentral cloudmark cobion dnsbl hostkarma invaluement junkemailfilter mailspike
        manitu psbl rbl senderscore sorbs spamcop spamhaus spamrl surbl uceprotect uribl
    """,
}
"""``BLOCKLIST``, lists of senders, is found in hosts and links, too."""

PHRASES: Final[tuple[tuple[Meaning, str], ...]] = (
    # How it came, in words that others use of what they found
    (
        UNREACHABLE,
        """
        lost connection | timed out while | connect to connection refused | system storage | system resource
        | insufficient disk space
        """,
    ),
    (POLICY, "sending quota | relay quota | daily quota | hourly quota | queue quota | quota per"),
    # A mailbox, in words that are said of senders or messages, too
    (
        FULL,
        """
        MAILBOX .. FULL | FULL MAILBOX | over quota | quota | storage | mailbox size | mailbox .. limit
        | mailbox exceeds | exceeds .. mailbox | exceeds .. disk | too many messages on the server
        | too many messages in .. MAILBOX | zuviele mails | 已满 | 空间不足
        """,
    ),
    (INACTIVE, "mailbox blocked | account blocked | inactivity"),
    # Who sends cannot prove it: authentication and DNS of domains
    (
        SENDER,
        """
        dmarc | spf | dkim | sender policy framework | unauthenticated | authentication check | not authenticated
        | reverse dns | rdns | ptr | reverse lookup | reverse hostname | reverse name | reverse mapping
        | reverse ip | cannot find .. hostname | no hostname | ip .. lookup | does not resolve
        """,
    ),
    # Whom the message names as its sender
    (
        SENDER,
        """
        SENDER .. DEAD | DEAD SENDER | DEAD . SENDER | SENDER not in .. domain | not owned by | null sender
        | SENDER verify | SENDER verification | verify SENDER | verifying SENDER | SENDER callout | SENDER must
        | SENDER no | required for SENDER | syntax error in SENDER | send as
        """,
    ),
    # How we came: relaying, logging in, encryption
    (
        SECURITY,
        """
        relay .. STOPPED | not relay | no relay | unable to relay | rcpthosts | authentication | authenticate
        | authentification | auth failed | auth required | log in | logged in | pop before smtp | tls | starttls
        | encryption required | local user only
        """,
    ),
    # The form of the message
    (
        CONTENT,
        """
        rfc .. compliant | noncompliant .. rfc | comply .. rfc | violates rfc | malformed mail | mail malformed
        | malformed mime | mime | mail header | header error | header too large | header too long
        | invalid header | missing header | header missing | duplicate header | multiple header | multiple from
        | multiple addresses in from | missing from | from missing | missing message id | missing date
        | missing subject | bare lf | bare cr | bare carriage | line too long | line longer | invalid character
        | nul character | unicode | encoding
        """,
    ),
    # Lists and reputation
    (
        POLICY,
        """
        BLOCKLIST | blacklist | blocklist | denylist | blackhole | ip .. listed | listed at | listed on
        | listed in | listed by | reputation | IP .. STOPPED | STOPPED . ip | black ip | invalid ip | ip check
        | host blocked | server blocked | STOPPED host | connection rejected | connection denied
        | connection not accepted | ipv | dynamic ip | dynamic host | open relay | open proxy
        | blocked using | blocked by | blocked see | blocked for | no smtp service
        """,
    ),
    # Spam
    (
        POLICY,
        """
        spam | spammer | spamming | junk | junkmail | unsolicited | bulk mail | phishing | suspicious | suspected
        | suspicion | content filter | banned content | content denied | content policy | content examination
        | content restriction | mail filtered | quarantined | backscatter | 垃圾
        """,
    ),
    # What the message carries, and its size
    (
        CONTENT,
        """
        virus | malware | trojan | infected | attachment | file type | executable | security issue
        | content rejected | mail too large | mail too big | mail file too big | mail size | mail length
        | too much mail data | size limit | size exceeds | exceeds .. size | maximum .. size | larger than
        """,
    ),
    # Rates
    (
        POLICY,
        """
        too many .. SENT | sent to too many | excessive | frequency limited | rate limit | rate limited
        | rate exceeded | exceed .. limit | limit exceeded | limit reached | reached .. limit | exceed .. max
        | receiving .. rate | receiving .. quickly | throttled
        """,
    ),
    # Rules, of a site or a person
    (
        POLICY,
        """
        policy | politique | security reason | administrative prohibition | prohibited by administrator
        | helo | ehlo | private list | whitelist | allowed sender | geographical | country | access .. rejected
        | rejected by .. recipient | rejected by user | user refused | only accepts | not accept mail from
        | not want | not welcome | go away | not allowed to connect | not allowed to send
        | SENDER .. STOPPED | STOPPED . SENDER | spoofed | spoofing | forged | mismatch | mismatched
        """,
    ),
    # Their system
    (
        UNREACHABLE,
        """
        host not found try again | timed out | timeout | retry time | connection reset | connection refused
        | connection closed | connection dropped | no route to host | not reachable | unreachable
        | unable to connect | not able to establish | mail expired | envelope expired | queue expired
        | time expired | queue too long | hop count | too many hop | loop | internal .. error | system error
        | local error | database error | error writing | configuration error | misconfigured | certificate
        | busy | temporarily unavailable | temporarily failed | failed temporarily | temporary . failure
        | lookup failure | greylisted | dns .. failed
        """,
    ),
    # The mailbox
    (
        INACTIVE,
        """
        MAILBOX .. INACTIVE | INACTIVE MAILBOX | INACTIVE . user | no longer | does not accept mail
        | suspend service | not accepting mail | 停用
        """,
    ),
    (
        INVALID,
        """
        MAILBOX .. DEAD | DEAD MAILBOX | DEAD . MAILBOX | DEAD domain | domain DEAD | DEAD host | host DEAD
        | nonexistent | no such | no mailbox | no recipient | no user | no valid recipient | no account
        | no one by | not our user | not user | not local | not have .. account | not in recipient list
        | not in .. directory | not listed in .. book | lookup .. failed | not .. verified | verification failed
        | not . member | not . registered | no domain | not find .. domain | not find .. host | null mx | no mx
        | undeliverable | no se encuentra | 不存在
        """,
    ),
    (UNREACHABLE, "try again | try later"),
    # What RFC 5321 says of every 550, and Postfix of every recipient that it refuses
    (
        UNAVAILABLE,
        """
        MAILBOX unavailable | unavailable . MAILBOX | recipient rejected | recipient refused | recipient denied
        | address rejected | address refused | mailbox name STOPPED
        """,
    ),
)

REFUSALS: Final[tuple[tuple[Meaning, str], ...]] = ((POLICY, "STOPPED | no permit"),)
"""Words that only refuse: whatever it is, for whatever reason."""

FILLERS: Final = """
    a an the this that these those is are was were be been being has have had do does did will would may might
    can could should our your my its it sorry please currently
    el la los las le les der die das ist il lo o os um une un una de du d des et e est esta sa su
"""

JOINED: Final[Mapping[str, str]] = {
    "nonexistent": """
        not exist | not existent | non existent | not found | no existe | no encontrado | não existe
        | não encontrado | non esiste | non trovato | existe pas | existiert nicht | nicht gefunden
        | nicht vorhanden | bestaat niet | nie istnieje | nie znaleziono | не существует | не найден
    """,
    "invalid": "not valid",
    "unknown": "not known | nicht bekannt",
    "unlisted": "not listed",
    "unrecognized": "not recognized",
    "unavailable": "not available",
    "inactive": "not active | not activated | not enabled",
    "refused": "not allowed | not permitted | not authorized",
    "unaccepted": "not accepted",
    "noncompliant": "not compliant",
    "unroutable": "not routable",
    "undeliverable": "not deliverable",
    "overquota": "over quota",
    "blacklist": "black list",
    "blocklist": "block list",
    "denylist": "deny list",
    "ip": "ip address | sending ip | sending server | client host",
    "address": "email address | local part",
    "mailbox": "mail box",
    "sender": """
        mail from | from address | from domain | from header | envelope from | return path | sending domain
        | sender address | sender email | sender domain | sender account
    """,
    "recipient": "recipient address | recipient mailbox | recipient account | recipient email",
    "account": "user account | mail account",
}
"""Words that are read as one."""

ALIKE: Final[Mapping[str, str]] = {
    "address": "addresses",
    "mailbox": "mailboxes",
    "virus": "viruses",
    "policy": "policies",
    "blacklist": "blacklisted blacklists",
    "blocklist": "blocklisted",
    "exceed": "exceeded exceeding",
    "mail": "email message msg mensaje correo nachricht",
    "relay": "relaying",
    "not": "cannot isnt doesnt dosnt couldnt wasnt",
    "unroutable": "unrouteable",
    "recognized": "recognised",
    "authorized": "authorised",
}
"""Forms of a word, beside the plural's s."""
