"""The e-mails about accounts: the authority that runs the network sends them."""

from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.kernel import clock, references
from dienstweg.mail import actions as mail

SIGN_IN = "/konto/anmelden"


def write(*, to: str, template: str, lang: str, code: str = "") -> None:
    """Ask for an e-mail about an account, inside the transaction that wants it.

    Raises `dienstweg.mail.errors.InvalidAddress`.
    """
    sender = authorities.operator()
    now = clock.local(clock.now())
    with scope.enter(scope.of(sender.id)):
        mail.send(
            authority_id=sender.id,
            to=to,
            template=template,
            context={
                "code": code,
                "link": authorities.network_url(SIGN_IN),
                "date": f"{now:%d.%m.%Y, %H:%M}",
            },
            key=f"account:{references.new_id()}",
            lang=lang,
        )
