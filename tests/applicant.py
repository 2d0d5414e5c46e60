"""An applicant at the portal: follows links and sends forms as browsers without script do."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client


class Page(HTMLParser):
    """What a page says: its forms with what stands in them, its links, its text."""

    def __init__(self, response: Any) -> None:
        super().__init__()
        self.status = response.status_code
        self.html = response.content.decode()
        self.url = response.request["PATH_INFO"] if hasattr(response, "request") else ""
        self.query = response.request.get("QUERY_STRING", "") if self.url else ""
        self.forms: list[dict[str, Any]] = []
        self.links: list[str] = []
        self.title = self.heading = ""
        self._inside: list[str] = []
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._inside.append(tag)
        if tag == "form":
            self.forms.append({"action": given.get("action", ""), "fields": {}, "buttons": []})
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "option" and "selected" in given and self.forms:
            self.forms[-1]["fields"][self._select] = [given["value"]]
        elif tag == "select":
            self._select = given["name"]
        elif tag == "textarea":
            self.forms[-1]["fields"][given["name"]] = [""]
        elif tag in {"input", "button"} and self.forms and "name" in given:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        form, name, kind = self.forms[-1], given["name"], given.get("type", "text")
        if tag == "button":
            form["buttons"].append((name, given.get("value", ""), given.get("formaction", "")))
        elif kind in {"radio", "checkbox"}:
            if "checked" in given:
                form["fields"].setdefault(name, []).append(given["value"])
        elif kind != "file":
            form["fields"][name] = [given.get("value", "")]

    def handle_data(self, data: str) -> None:
        if self._inside and self._inside[-1] == "title":
            self.title += data
        elif self._inside and self._inside[-1] == "h1":
            self.heading += data

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def form(self, action: str = "") -> dict[str, Any]:
        """Return the form that posts to an address ending like ``action``; else the last."""
        found = [one for one in self.forms if one["action"].endswith(action)]
        return (
            found[-1]
            if action
            else next(one for one in self.forms if "/suche" not in one["action"])
        )


class Applicant:
    """One browser with its cookies."""

    def __init__(self, host: str = "kranichsee.localhost", *, lang: str = "de") -> None:
        self.client = Client(headers={"host": host, "accept-language": lang})
        self.page: Page

    def open(self, address: str) -> Page:
        """Follow a link, and every redirect."""
        self.page = Page(self.client.get(address, follow=True))
        return self.page

    def send(
        self,
        *,
        action: str = "",
        to: str = "",
        files: dict[str, Any] | None = None,
        **answers: Any,
    ) -> Page:
        """Fill in the page's form (whose address ends like ``action``) and send it.

        ``to`` is where a button sends it instead.
        """
        form = self.page.form(action)
        body = {**form["fields"], **{key: _texts(value) for key, value in answers.items()}}
        body = {key: value for key, value in body.items() if value is not None}
        here = self.page.url + (f"?{self.page.query}" if self.page.query else "")
        target = to or form["action"] or here
        response = self.client.post(target, {**body, **(files or {})}, follow=True)
        self.page = Page(response)
        return self.page

    def upload(self, field: str, content: bytes, name: str = "nachweis.png") -> Page:
        """Choose a file and press the button beside it."""
        buttons = self.page.form()["buttons"]
        address = next(url for key, value, url in buttons if (key, value) == ("hochladen", field))
        chosen = SimpleUploadedFile(name, content, "application/octet-stream")
        return self.send(to=address, files={f"datei-{field}": chosen}, hochladen=field)

    def begin(self, slug: str = "hausbewohner") -> Page:
        """Begin an application from the service's page."""
        self.open(f"/leistungen/{slug}")
        return self.send(action=f"/{slug}/beginnen")

    @property
    def draft(self) -> str:
        """The address of the draft that the browser is in."""
        parts = urlsplit(self.page.url).path.split("/")
        return "/".join(parts[:3])


def _texts(value: Any) -> list[str] | None:
    if value is None:
        return None
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
