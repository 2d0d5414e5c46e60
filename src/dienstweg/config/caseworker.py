"""A caseworker of the tour: signs in at the desk, decides, takes back, decides again."""

from dienstweg.config.visitor import Page, Unexpected, Visitor


class Caseworker:
    """Somebody in front of the desk."""

    def __init__(self, host: str, port: int) -> None:
        self.visitor = Visitor(host, port)

    def sign_in(self, email: str, password: str) -> None:
        """Sign in with e-mail and password."""
        door = self.visitor.get("/arbeitsplatz/")
        form = door.form(having="passwort")
        page = self.visitor.send(door, form, {"email": email, "passwort": password})
        if page.path != "/arbeitsplatz/":
            raise Unexpected(f"{page.path}: signing in failed; status {page.status}")

    def has_task(self, number: str) -> bool:
        """Tell whether a task of the case is on the list."""
        return number in self.visitor.get("/arbeitsplatz/").text

    def has_post(self, number: str) -> bool:
        """Tell whether a message of the case is to be posted."""
        return number in self.visitor.get("/arbeitsplatz/post").text

    def decide(self, number: str, outcome: str, reason: str) -> None:
        """Decide the task of a case."""
        page = self._case(number)
        form = page.form(having="ergebnis")
        after = self.visitor.send(page, form, {"ergebnis": outcome, "begruendung": reason})
        if after.status != 200:
            raise Unexpected(f"{after.path}: status {after.status}")

    def undo(self, number: str) -> None:
        """Take the decision back in time."""
        page = self._case(number)
        after = self.visitor.send(page, page.form(action="zuruecknehmen"), {})
        after.form(having="ergebnis")

    def _case(self, number: str) -> Page:
        return self.visitor.get(f"/arbeitsplatz/vorgaenge?nummer={number}")
