"""Decides what an e-mail says and when a failed one is tried again.

The words name no person and no matter: whoever else reads the mailbox learns nothing (TR-03172-4,
A3.6.02).
"""

from collections.abc import Mapping
from datetime import timedelta

from dienstweg.mail.errors import UnknownTemplate

RETRIES = (
    timedelta(seconds=30),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
)
"""Pauses after a failed attempt; the last one holds until `GIVE_UP`."""
GIVE_UP = timedelta(days=3)
"""After this time a mail is no longer news: the message itself waits in the inbox anyway."""
SWEPT_EVERY = timedelta(minutes=30)
SENT_WITHIN = timedelta(minutes=10)
"""An e-mail that waits longer, and for no time that is due, has been lost sight of."""
SWEPT_AT_ONCE = 500

_TEMPLATES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "news": {
        "de": (
            "Neue Nachricht von {authority}",
            "Guten Tag,\n\nzu Ihrem Antrag gibt es eine neue Nachricht von {authority}.\n"
            "Sie lesen sie mit Ihrer Vorgangsnummer und Ihrem Zugangscode hier:\n{link}\n\n"
            "Aus Gründen des Datenschutzes steht in dieser E-Mail nichts weiter.\n",
        ),
        "en": (
            "New message from {authority}",
            "Hello,\n\nthere is a new message about your application from {authority}.\n"
            "You can read it with your case number and access code here:\n{link}\n\n"
            "To protect your data, this e-mail contains nothing else.\n",
        ),
    },
    "confirm": {
        "de": (
            "Ihr Bestätigungscode: {code}",
            "Guten Tag,\n\nIhr Code zur Bestätigung dieser E-Mail-Adresse lautet: {code}\n"
            "Er gilt 30 Minuten. Wenn Sie ihn nicht angefordert haben, "
            "brauchen Sie nichts zu tun.\n\n{authority}\n",
        ),
        "en": (
            "Your confirmation code: {code}",
            "Hello,\n\nyour code to confirm this e-mail address is: {code}\n"
            "It is valid for 30 minutes. If you did not ask for it, "
            "you need not do anything.\n\n{authority}\n",
        ),
    },
    "resume": {
        "de": (
            "Ihr unterbrochener Antrag bei {authority}",
            "Guten Tag,\n\nSie haben sich diesen Link schicken lassen. Damit setzen Sie Ihren\n"
            "Antrag bis zum {date} fort, auch auf einem anderen Gerät:\n{link}\n\n"
            "Oder geben Sie auf der Seite {page} diesen Code ein: {code}\n\n"
            "Wer den Link oder den Code hat, kann Ihren Antrag lesen und ändern. "
            "Leiten Sie diese E-Mail bitte nicht weiter.\n\n{authority}\n",
        ),
        "en": (
            "Your unfinished application at {authority}",
            "Hello,\n\nyou asked for this link. With it you can continue your application\n"
            "until {date}, on another device too:\n{link}\n\n"
            "Or enter this code on the page {page}: {code}\n\n"
            "Whoever has the link or the code can read and change your application. "
            "Please do not forward this e-mail.\n\n{authority}\n",
        ),
    },
    "expiry": {
        "de": (
            "Ihr Entwurf bei {authority} wird bald gelöscht",
            "Guten Tag,\n\nSie haben einen Antrag begonnen und noch nicht abgesendet.\n"
            "Am {date} löschen wir den Entwurf. Bis dahin können Sie ihn hier fortsetzen:\n"
            "{link}\n\n{authority}\n",
        ),
        "en": (
            "Your draft at {authority} will be deleted soon",
            "Hello,\n\nyou started an application and have not sent it yet.\n"
            "We will delete the draft on {date}. Until then you can continue here:\n"
            "{link}\n\n{authority}\n",
        ),
    },
    "code_lost": {
        "de": (
            "Neuer Zugangscode von {authority}",
            "Guten Tag,\n\nSie haben einen neuen Zugangscode angefordert: {code}\n"
            "Der alte gilt nicht mehr. Geben Sie ihn zusammen mit Ihrer Vorgangsnummer hier ein:\n"
            "{link}\n\nWenn Sie das nicht waren, rufen Sie uns bitte an.\n\n{authority}\n",
        ),
        "en": (
            "New access code from {authority}",
            "Hello,\n\nyou asked for a new access code: {code}\n"
            "The old one is no longer valid. Enter it with your case number here:\n"
            "{link}\n\nIf this was not you, please call us.\n\n{authority}\n",
        ),
    },
    "account_code": {
        "de": (
            "Ihr Code für das Nutzerkonto: {code}",
            "Guten Tag,\n\nIhr Code für das Nutzerkonto lautet: {code}\n"
            "Geben Sie ihn auf der Seite ein, auf der Sie ihn angefordert haben. "
            "Er gilt 30 Minuten.\n\n"
            "Wenn Sie ihn nicht angefordert haben, brauchen Sie nichts zu tun. "
            "Geben Sie den Code niemandem weiter.\n\n{authority}\n",
        ),
        "en": (
            "Your code for the user account: {code}",
            "Hello,\n\nyour code for the user account is: {code}\n"
            "Enter it on the page where you asked for it. It is valid for 30 minutes.\n\n"
            "If you did not ask for it, you need not do anything. "
            "Do not give the code to anybody.\n\n{authority}\n",
        ),
    },
    "account_exists": {
        "de": (
            "Sie haben schon ein Nutzerkonto",
            "Guten Tag,\n\njemand wollte mit dieser E-Mail-Adresse ein Nutzerkonto anlegen. "
            "Zu dieser Adresse gibt es schon eines.\n\n"
            "Waren Sie das? Dann melden Sie sich hier an, oder wählen Sie dort ein neues "
            "Passwort:\n{link}\n\n"
            "Waren Sie es nicht, brauchen Sie nichts zu tun.\n\n{authority}\n",
        ),
        "en": (
            "You already have a user account",
            "Hello,\n\nsomebody wanted to create a user account with this e-mail address. "
            "There already is one with this address.\n\n"
            "Was it you? Then sign in here, or choose a new password there:\n{link}\n\n"
            "If it was not you, you need not do anything.\n\n{authority}\n",
        ),
    },
    "account_unknown": {
        "de": (
            "Zu dieser Adresse gibt es kein Nutzerkonto",
            "Guten Tag,\n\njemand wollte das Passwort eines Nutzerkontos mit dieser "
            "E-Mail-Adresse ändern. Zu dieser Adresse gibt es keines, dessen Passwort Sie "
            "selbst ändern können.\n\n"
            "Waren Sie das? Vielleicht haben Sie sich mit einer anderen Adresse registriert. "
            "Wenn Sie bei einer Behörde arbeiten, hilft Ihnen deren Verwaltung.\n{link}\n\n"
            "Waren Sie es nicht, brauchen Sie nichts zu tun.\n\n{authority}\n",
        ),
        "en": (
            "There is no user account with this address",
            "Hello,\n\nsomebody wanted to change the password of a user account with this "
            "e-mail address. There is none whose password you can change yourself.\n\n"
            "Was it you? Perhaps you signed up with another address. If you work for an "
            "authority, its administration will help you.\n{link}\n\n"
            "If it was not you, you need not do anything.\n\n{authority}\n",
        ),
    },
    "account_address": {
        "de": (
            "Die E-Mail-Adresse Ihres Nutzerkontos wurde geändert",
            "Guten Tag,\n\ndie E-Mail-Adresse Ihres Nutzerkontos wurde am {date} geändert. "
            "Diese Nachricht geht an die alte und an die neue Adresse.\n\n"
            "Wenn Sie das nicht waren, melden Sie sich bitte sofort bei uns:\n{link}\n\n"
            "{authority}\n",
        ),
        "en": (
            "The e-mail address of your user account was changed",
            "Hello,\n\nthe e-mail address of your user account was changed on {date}. "
            "This message goes to the old and to the new address.\n\n"
            "If this was not you, please contact us at once:\n{link}\n\n{authority}\n",
        ),
    },
    "account_password": {
        "de": (
            "Das Passwort Ihres Nutzerkontos wurde geändert",
            "Guten Tag,\n\ndas Passwort Ihres Nutzerkontos wurde am {date} geändert. "
            "Überall sonst sind Sie jetzt abgemeldet.\n\n"
            "Wenn Sie das nicht waren, wählen Sie bitte sofort ein neues:\n{link}\n\n"
            "{authority}\n",
        ),
        "en": (
            "The password of your user account was changed",
            "Hello,\n\nthe password of your user account was changed on {date}. "
            "You are now signed out everywhere else.\n\n"
            "If this was not you, please choose a new one at once:\n{link}\n\n{authority}\n",
        ),
    },
    "account_closed": {
        "de": (
            "Ihr Nutzerkonto ist gelöscht",
            "Guten Tag,\n\nIhr Nutzerkonto wurde am {date} gelöscht, und mit ihm Ihre Angaben "
            "und Ihre Entwürfe. Anträge, die Sie abgeschickt haben, werden weiter bearbeitet. "
            "Sie öffnen sie mit Vorgangsnummer und Zugangscode.\n\n{authority}\n",
        ),
        "en": (
            "Your user account is deleted",
            "Hello,\n\nyour user account was deleted on {date}, and with it your details and "
            "your drafts. Applications that you have sent are still being dealt with. You open "
            "them with case number and access code.\n\n{authority}\n",
        ),
    },
    "party_invited": {
        "de": (
            "{authority} bittet Sie um Ihre Mitwirkung",
            "Guten Tag,\n\nbei {authority} wird ein Antrag bearbeitet, an dem Sie beteiligt sind.\n"
            "Worum es geht und was wir von Ihnen brauchen, lesen Sie hier:\n{link}\n\n"
            "Dort geben Sie diesen Code ein: {code}\n\n"
            "Der Code ist nur für Sie. Leiten Sie diese E-Mail bitte nicht weiter.\n"
            "Aus Gründen des Datenschutzes steht in dieser E-Mail nichts weiter.\n\n{authority}\n",
        ),
        "en": (
            "{authority} asks for your participation",
            "Hello,\n\n{authority} is processing an application in which you are involved.\n"
            "You can read here what it is about and what we need from you:\n{link}\n\n"
            "Enter this code there: {code}\n\n"
            "The code is for you only. Please do not forward this e-mail.\n"
            "To protect your data, this e-mail contains nothing else.\n\n{authority}\n",
        ),
    },
    "party_code": {
        "de": (
            "Ihr neuer Link von {authority}",
            "Guten Tag,\n\nhier ist Ihr neuer Link zu dem Antrag, an dem Sie beteiligt sind:\n"
            "{link}\n\nDort geben Sie diesen Code ein: {code}\n"
            "Der alte Code gilt nicht mehr.\n\n"
            "Der Code ist nur für Sie. Leiten Sie diese E-Mail bitte nicht weiter.\n\n"
            "{authority}\n",
        ),
        "en": (
            "Your new link from {authority}",
            "Hello,\n\nhere is your new link to the application in which you are involved:\n"
            "{link}\n\nEnter this code there: {code}\n"
            "The old code is no longer valid.\n\n"
            "The code is for you only. Please do not forward this e-mail.\n\n{authority}\n",
        ),
    },
    "party_reminder": {
        "de": (
            "Erinnerung: {authority} wartet auf Ihre Antwort",
            "Guten Tag,\n\nwir haben Sie gebeten, an einem Antrag mitzuwirken. "
            "Etwas ist noch offen:\n{link}\n\n"
            "Den Code finden Sie in unserer ersten E-Mail. Haben Sie ihn nicht mehr? "
            "Auf derselben Seite lassen Sie sich einen neuen schicken.\n\n{authority}\n",
        ),
        "en": (
            "Reminder: {authority} is waiting for your answer",
            "Hello,\n\nwe asked you to take part in an application. "
            "Something is still open:\n{link}\n\n"
            "You find the code in our first e-mail. If you no longer have it, "
            "you can have a new one sent on the same page.\n\n{authority}\n",
        ),
    },
    "party_news": {
        "de": (
            "Neues von {authority}",
            "Guten Tag,\n\nzu dem Antrag, an dem Sie beteiligt sind, gibt es Neues:\n{link}\n\n"
            "Den Code finden Sie in unserer ersten E-Mail. Haben Sie ihn nicht mehr? "
            "Auf derselben Seite lassen Sie sich einen neuen schicken.\n\n{authority}\n",
        ),
        "en": (
            "News from {authority}",
            "Hello,\n\nthere is news about the application in which you are involved:\n{link}\n\n"
            "You find the code in our first e-mail. If you no longer have it, "
            "you can have a new one sent on the same page.\n\n{authority}\n",
        ),
    },
    "party_gone": {
        "de": (
            "{authority} braucht Ihre Mitwirkung nicht mehr",
            "Guten Tag,\n\nwir hatten Sie gebeten, an einem Antrag mitzuwirken. Der Antrag wurde "
            "geändert, und Sie sind daran nicht mehr beteiligt. Sie müssen nichts tun.\n"
            "Der Code aus unserer E-Mail gilt nicht mehr.\n\n"
            "Haben Sie Fragen? Dann nennen Sie uns diese Nummer: {number}\n\n{authority}\n",
        ),
        "en": (
            "{authority} no longer needs your participation",
            "Hello,\n\nwe had asked you to take part in an application. The application was "
            "changed, and you are no longer involved in it. You need not do anything.\n"
            "The code in our e-mail is no longer valid.\n\n"
            "Do you have questions? Then please tell us this number: {number}\n\n{authority}\n",
        ),
    },
    "feedback": {
        "de": (
            "Rückmeldung zu den Online-Diensten",
            "Guten Tag,\n\njemand hat Ihnen über die Online-Dienste geschrieben "
            "(Rückmeldung nach § 7 BITV 2.0; eine Antwort ist binnen eines Monats fällig, "
            "wenn darum gebeten wurde).\n\nSeite: {page}\nAntwort an: {contact}\n\n{text}\n",
        ),
    },
    "falling_due": {
        "de": (
            "Fristen und Aufgaben am Arbeitsplatz",
            "Guten Tag,\n\nbei Ihren Vorgängen ist etwas fällig:\n\n"
            "- neu überfällig: {over}\n- Frist endet bald: {near}\n- Ihnen gemeldet: {told}\n\n"
            "Welche Vorgänge das sind, sehen Sie nach der Anmeldung am Arbeitsplatz:\n{link}\n\n"
            "Diese E-Mail kommt höchstens einmal am Tag. Möchten Sie keine mehr? "
            "Am Arbeitsplatz unter „Teams“ bestellen Sie sie ab.\n"
            "Aus Gründen des Datenschutzes steht in dieser E-Mail nichts weiter.\n\n"
            "{authority}\n",
        ),
    },
    "trouble": {
        "de": (
            "Anbindung gestört: {connection}",
            "Guten Tag,\n\ndie Anbindung „{connection}“ nimmt seit {since} keine Vorgänge an.\n"
            "Es warten {waiting} Übergaben. Nichts geht verloren: Dienstweg versucht es weiter.\n"
            "Näheres zeigt der Arbeitsplatz:\n{link}\n",
        ),
    },
}


def text(template: str, lang: str, context: Mapping[str, str]) -> tuple[str, str]:
    """Return subject and body of an e-mail; raises `UnknownTemplate`.

    A language that there is not falls back to German. Line breaks in values are dropped, so that
    none can add a header.
    """
    try:
        languages = _TEMPLATES[template]
    except KeyError as error:
        raise UnknownTemplate from error
    subject, body = languages.get(lang, languages["de"])
    values = {key: " ".join(str(value).split()) for key, value in context.items()}
    return subject.format_map(values), body.format_map(values)


def pause(attempts: int) -> timedelta:
    """Return how long to wait after the failed attempt number ``attempts`` (from 1)."""
    return RETRIES[min(attempts, len(RETRIES)) - 1]
