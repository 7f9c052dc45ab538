"""Phrases of mail servers, as data: what each is about. `_replies` reads them and argues their order.

Sources: RFC 5321 section 4.2 and RFC 3463 for what the standards say; the texts of Postfix, Exim, Sendmail,
qmail and Exchange; the error pages of Gmail, Microsoft, Yahoo, Apple, Mimecast, GMX, QQ and Coremail. No
reply was copied: a phrase holds what recurs in many.

A phrase is words in their order. ``..`` stands for up to four others, ``.`` for one at most, a word in
capitals for any of its set. Phrases and replies are read alike: without articles, auxiliaries, numbers,
hosts, accents and plurals, an address as ``@``, a pair of `JOINED` as one word; so "the address does not
exist" is "address nonexistent". Other languages are in the sets, and have a phrase of their own only
where they need it. The first row that has a phrase of the reply wins, wherever in the reply it stands.
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
    """,
    "DEAD": """
        ambiguous bad illegal incorrect invalid malformed nonexistent unallocated unknown unlisted
        unrecognized unregistered unresolvable unroutable unverified
        inconnu inconnue inexistant inexistante introuvable invalide
        inexistente desconocido desconocida inválido inválida desconhecido desconhecida
        inesistente sconosciuto sconosciuta unbekannt unbekannter ungültig onbekend
        nieznany nieprawidłowy неизвестен несуществующий
    """,
    "INACTIVE": """
        abandoned archived cancelled closed deactivated deleted disabled discontinued dormant expired frozen
        inactive locked parked paused removed restricted retired stopped suspended terminated unused
        bloqué bloquée désactivé suspendu fermé inactif
        deshabilitada deshabilitado desactivada suspendida bloqueada inactivo
        desativada desabilitada suspensa bloqueado disattivato disabilitata sospeso
        deaktiviert gesperrt inaktiv zablokowane wyłączone nieaktywne заблокирован отключен неактивен
    """,
    "FULL": """
        full plein pleine lleno llena cheia lotada piena voll überfüllt vol przepełniona pełna переполнен
    """,
    "STOPPED": """
        banned blocked bounced declined denied disallowed forbidden prohibited refuse refused refusing reject
        rejected rejecting rejection unacceptable unaccepted
        bloqués rechazado rechazada rejeitado rejeitada recusado refusée abgelehnt abgewiesen verweigert
        rifiutato odrzucony odrzucona отклонено отклонен
        bloqué bloquée interdit interdite bloqueado bloqueada prohibido denegado denegada
        negado negato recusada gesperrt blockiert verboten
        bloccato bloccata rifiutata vietato заблокирован заблокировано отклонена запрещен запрещено
    """,
    "SENDER": """
        sender originator expéditeur émetteur remitente remetente absender mittente nadawca отправитель
        отправителя absenderadresse absenderdomain
    """,
    "INSIDER": "colleague employee faculty member moderator owner parent staff student subscriber teacher",
    "INSIDE": "campus company district domain organization organisation school tenant university",
    "LARGE": "big large long",
    "IP": "ip client network",
    "SENT": "command connection error invalid login mail recipient request session transaction unknown",
    "BLOCKLIST": """
        abuseat abusix barracudacentral cloudmark cobion dnsbl hostkarma invaluement junkemailfilter mailspike
        manitu psbl rbl senderscore sorbs spamcop spamhaus spamrl surbl uceprotect uribl
    """,
}
"""``BLOCKLIST``, lists of senders, is found in hosts and links, too."""

PLAIN: Final[tuple[tuple[Meaning, str], ...]] = (
    (INACTIVE, "MAILBOX .. INACTIVE | INACTIVE MAILBOX | 停用"),
    (INVALID, "MAILBOX .. DEAD | DEAD . MAILBOX | no such MAILBOX | no MAILBOX | 不存在"),
)
"""A mailbox and that it is dead, in one breath: two rows of `PHRASES`."""

PHRASES: Final[tuple[tuple[Meaning, str], ...]] = (
    # How it came, in words that others use of what they found
    (
        UNREACHABLE,
        """
        lost connection | timed out while | connect to connection refused | system storage | system resource
        | insufficient disk space
        """,
    ),
    (
        POLICY,
        """
        relay quota | daily quota | hourly quota | queue quota | quota per | sender not authenticated
        | spam or virus
        """,
    ),
    (SECURITY, "sending quota | sending limit | submission quota | relay limit | STOPPED from sending"),
    (FULL, "MAILBOX .. FULL | FULL MAILBOX"),
    (CONTENT, "mail size exceeds | mail too LARGE | exceeded by mail"),
    # A mailbox, in words that are said of senders or messages, too
    (
        FULL,
        """
        quota | overquota | storage | mailbox size | mailbox .. limit
        | mailbox exceeds | exceeds .. mailbox | exceeds .. disk | too many messages on the server
        | too many messages in .. MAILBOX | zuviele mails | 已满 | 空间不足
        """,
    ),
    (INACTIVE, "mailbox blocked | account blocked | inactivity"),
    (INVALID, "rfc address"),
    # Who sends cannot prove it: authentication and DNS of domains
    (
        SENDER,
        """
        dmarc | spf | dkim | sender policy framework | unauthenticated | authentication check
        | not authenticated | reverse dns | rdns | ptr | reverse lookup | reverse hostname | reverse name
        | reverse mapping | reverse ip | cannot find .. hostname | no hostname | ip .. lookup
        | ip .. not resolve | hostname .. not resolve | sender id | fcrdns | dns mx | resource record
        """,
    ),
    # Whom the message names as its sender
    (
        SENDER,
        """
        SENDER .. DEAD | DEAD . SENDER | SENDER .. not resolve | SENDER .. not in .. domain | not owned by
        | null sender | SENDER verify | SENDER verification | verify SENDER | verifying SENDER
        | callout | SENDER must | SENDER not accept | SENDER too new | SENDER new | newly registered
        | SENDER no | SENDER null mx | required for SENDER | syntax error in SENDER | send as
        | SENDER undeliverable | reply to address | reply to domain
        | reply to header | DEAD reply to | in from DEAD | 发件人 .. 不存在
        | 发件人 .. 无效
        """,
    ),
    # Whose name it borrows
    (POLICY, "helo | ehlo | spoofed | spoofing | forged | mismatch | mismatched"),
    # How we came: relaying, logging in, encryption
    (
        SECURITY,
        """
        relay .. STOPPED | not relay | no relay | unable to relay | rcpthosts | authentication | authenticate
        | authentification | auth failed | auth required | log in | logged in | bad password
        | username . password | credential | pop before smtp | tls | starttls | encryption required
        | local user only | bad sequence | sequence of command | out of sequence | protocol error
        | protocol violation | protocol synchronization | pipelining | need rcpt | error no valid recipient
        """,
    ),
    # The form of the message, and what it carries
    (
        CONTENT,
        """
        rfc | malformed mail | mail malformed | invalid mail | mail invalid | invalid content | mail format
        | format error | mime | mail header | header error | header too large | header too long
        | invalid header | missing .. header | header missing | header .. invalid | duplicate header
        | multiple header | multiple . from | multiple addresses in from | missing .. from | from missing
        | missing . mail id | missing date | missing subject | empty subject | empty mail | ascii | zip
        | macro | encrypted | harmful | bit data | bare lf | bare cr | bare carriage | line too long
        | line longer | invalid character | nul character | unicode | encoding | from header | header from
        | header field | file extension | file name | corrupt | too many header | virus | malware | trojan
        | infected | attachment | file type | executable | security issue | content presents
        | in subject | subject line | nonstandard character | unsafe | dangerous | 病毒 | 附件 | 添付
        | ウイルス
        """,
    ),
    # Lists and reputation
    (
        POLICY,
        """
        BLOCKLIST | blacklist | blocklist | denylist | blackhole | ip .. listed | listed at | listed on
        | listed in | listed by | reputation | IP .. STOPPED | STOPPED . ip | black ip | invalid ip
        | ip check | host blocked | server blocked | STOPPED host | connection rejected | connection denied
        | connection not accepted | ipv | dynamic | residential | compromised | botnet | open relay
        | open proxy | blocked using | blocked by | blocked see | blocked for | no smtp service | sbrs
        | lista negra | liste noire | lista nera | schwarze liste | черный список | черном списке | 黑名单
        | 黑名單 | ブラックリスト
        """,
    ),
    # Spam
    (
        POLICY,
        """
        spam | spammer | spamming | junk | junkmail | unsolicited | bulk | advertising | abuse | abusive
        | phishing | suspicious | suspected | suspicion | content filter | banned content | content denied
        | content examination | content restriction | mail filtered | quarantined | backscatter | 垃圾
        | unwanted | indésirable | no deseado | indesiderato | indesejado | unerwünscht | спам | 迷惑
        | スパム
        """,
    ),
    # Its size
    (
        CONTENT,
        """
        content rejected | mail file too big | mail size | mail length
        | too much mail data | mail exceeds | size limit | oversized | bigger than | over size
        | size exceeds | exceeds .. size | maximum .. size
        | larger than | tamaño del mail | taille du mail | größe der mail | 邮件过大 | 邮件太大 | 邮件大小
        | 郵件過大 | サイズ
        """,
    ),
    # Rates
    (
        POLICY,
        """
        too many .. SENT | sent to too many | excessive | frequency limited | rate limit | rate limited
        | rate exceeded | exceed .. limit | limit exceeded | limit reached | reached .. limit | exceed .. max
        | exceed .. maximum | maximum number | connection limit | slow down | too fast | too quickly
        | too frequent | receiving .. rate | throttled | throttling
        """,
    ),
    # Rules, of a site or a person
    (
        POLICY,
        """
        policy | politique | security reason | administrative prohibition | prohibited by administrator
        | private list | whitelist | allowed sender | geographical | country | access .. rejected
        | rejected by .. recipient | rejected by user | user refused | only accepts | only accepting
        | not accept mail from | not accepting mail from | not want | not welcome | go away
        | not allowed to connect | not allowed to send | not allowed to post | not post | permission to post
        | SENDER .. STOPPED | STOPPED . SENDER | only . INSIDER | INSIDER only
        | only from | only within | from within | from outside | outside . INSIDE | outside of
        | external SENDER | external mail | internal SENDER | internal mail | internal use | from inside
        | member of list | closed list
        | moderated | restricted to | challenge | captcha | you human | real person
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
        | busy | mailer error | command died | delivery temporarily suspended | host down | server down
        | undelivered after | server error | error in processing | temporarily unavailable
        | temporarily failed | failed temporarily | temporary . failure | lookup failure | greylisted
        | dns .. failed
        """,
    ),
    # The mailbox
    PLAIN[0],
    (
        INACTIVE,
        """
        domain INACTIVE | MAILBOX moved | not receiving
        | not receive | unable to receive | not in use | out of service | INACTIVE . user | no longer
        | does not accept mail | suspend service | not accepting mail
        """,
    ),
    PLAIN[1],
    (
        INVALID,
        """
        DEAD domain | domain DEAD | DEAD host | host DEAD | nonexistent
        | no such | no valid recipient | no one by
        | not user | not local | not have .. account | not in recipient list | not in .. directory
        | not listed in .. book | lookup .. failed | not .. verified | not verify | verification failed
        | not resolve | not . member | not . registered | no domain | not find .. domain | not find .. host
        | null mx | no mx | undeliverable | no se encuentra
        """,
    ),
    (UNREACHABLE, "try again | try later"),
    # What RFC 5321 says of every 550, and Postfix of every recipient that it refuses
    (
        UNAVAILABLE,
        """
        MAILBOX unavailable | unavailable . MAILBOX | recipient rejected | recipient refused
        | recipient denied | address rejected | address refused | mailbox name STOPPED
        """,
    ),
)

REFUSALS: Final[tuple[tuple[Meaning, str], ...]] = (
    (
        POLICY,
        """
        STOPPED | no permit | SENDER | ip | 拒绝 | 拒收 | 拒否 | 发件人 | 寄件人 | 寄件者 | 送信者 | 送信元
        | 差出人
        """,
    ),
    (CONTENT, "content | subject | too LARGE | 内容"),
    (SECURITY, "DEAD command | command DEAD | unexpected command | not implemented"),
    (UNREACHABLE, "service .. unavailable | server .. unavailable | insufficient"),
)
"""Words that only refuse, or name what came: whatever it is, for whatever reason."""

ASIDE: Final = "bulk junk member policy rfc spam spammer staff student virus"
"""Words that blame a sender, but that who has said "no such user" adds as advice, or as the house's sign."""

FILLERS: Final = """
    a an the this that is are was were be been has have had do does did will would may might can could should
    our my its it sorry please currently
    el la los las le les der die das ist il lo o um une un una du des est esta sa su
    e es fue foi wurde votre ihre ihr tu
"""

JOINED: Final[Mapping[str, str]] = {
    "nonexistent": """
        not exist | not existent | non existent | not found | no existe | no encontrado | não existe
        | não encontrado | non esiste | non trovato | existe pas | existiert nicht | nicht gefunden
        | nicht vorhanden | bestaat niet | nie istnieje | nie znaleziono | не существует | не найден
    """,
    "invalid": """
        not valid | no válido | no válida | não válido | pas valide | non valido | non valida | nicht gültig
        | не действителен
    """,
    "unknown": "not known | nicht bekannt",
    "unlisted": "not listed",
    "unrecognized": "not recognized",
    "unavailable": "not available",
    "inactive": "not active | not activated | not enabled",
    "refused": """
        not allowed | not permitted | not authorized | pas autorisé | pas autorisée | no autorizado
        | no permitido | não autorizado | não permitido | non autorizzato | non consentito
        | nicht autorisiert | nicht erlaubt | nicht berechtigt | nicht zugelassen | не разрешен
        | не авторизован
    """,
    "unaccepted": "not accepted",
    "unroutable": "not routable",
    "undeliverable": "not deliverable",
    "blacklist": "black list",
    "blocklist": "block list",
    "denylist": "deny list",
    "ip": "sending server",
    "address": "local part",
    "attachment": "pièce jointe",
    "mailbox": "mail box",
    "sender": """
        your address | your domain | mail from | from address | from domain | envelope from | return path
        | sending domain | sender address | sender domain | return address | envelope domain
        | originating address | bounce address | sending address
    """,
}
"""Words that are read as one."""

ALIKE: Final[Mapping[str, str]] = {
    "address": "addresses",
    "mailbox": "mailboxes",
    "virus": "viruses вирус",
    "policy": "policies",
    "blacklist": "blacklisted",
    "blocklist": "blocklisted",
    "exceed": "exceeded",
    "mail": "email message mensaje mensagem messaggio nachricht сообщение письмо",
    "content": "contenido contenu inhalt contenuto conteúdo содержимое содержание",
    "attachment": "adjunto anhang allegato anexo вложение",
    "large": "grande groß volumineux lourd grosse большое велико",
    "too": "demasiado muito trop troppo zu слишком",
    "welcome": "welcomed",
    "relay": "relaying",
    "not": "cannot isnt doesnt dosnt couldnt wasnt",
    "unroutable": "unrouteable",
    "recognized": "recognised",
}
"""Forms of a word, beside the plural's s."""
