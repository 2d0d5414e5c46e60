"""Shows a compiled blueprint to its designer: pages, fields, rules, decisions, process."""

from typing import Any

from dienstweg.blueprint.assistant import Field, Page
from dienstweg.blueprint.picture import outline
from dienstweg.blueprint.release import Release


def described(release: Release) -> dict[str, Any]:
    """Return what the blueprint consists of, as plain data."""
    return {
        "id": release.id,
        "version": release.version,
        "digest": release.digest,
        "title": release.text("de", "service.title"),
        "languages": list(release.languages),
        "pages": [_page(release, page) for page in release.pages],
        "decisions": sorted(release.decisions),
        "documents": sorted(release.documents),
        "mappings": sorted(release.mappings),
        "lists": {name: len(rows) for name, rows in release.lists.items()},
        "process": list(outline(release.process.diagram)),
        "open_points": list(release.manifest.get("open_points", ())),
    }


def _page(release: Release, page: Page) -> dict[str, Any]:
    return {
        "id": page.id,
        "title": release.text("de", f"pages.{page.id}.title"),
        "repeats": page.repeat is not None,
        "inside": page.outer,
        "when": page.when.source if page.when else None,
        "fields": [_field(release, field) for field in page.fields],
        "checks": [{"id": check.id, "holds": check.holds.source} for check in page.checks],
        "ends": [{"id": each.id, "when": each.when.source} for each in page.ends],
        "next": [{"to": each.to, "when": each.when.source} for each in page.jumps],
    }


def _field(release: Release, field: Field) -> dict[str, Any]:
    return {
        "id": field.id,
        "label": release.text("de", f"fields.{field.id}.label", ""),
        "widget": field.widget,
        "at": "/" + "/".join(field.at) if field.at is not None else None,
        "when": field.when.source if field.when else None,
        "required": field.required.source if field.required else None,
        "value": field.value.source if field.value else None,
        "allowed": field.allowed.source if field.allowed else None,
    }


def as_text(shown: dict[str, Any]) -> str:
    """Return the same for people."""
    lines = [f"{shown['title']} ({shown['id']} {shown['version']})", f"  {shown['digest']}", ""]
    for number, page in enumerate(shown["pages"], start=1):
        repeats = ", mehrfach" if page["repeats"] else ""
        repeats += f" je Eintrag von {page['inside']}" if page["inside"] else ""
        when = f", wenn {page['when']}" if page["when"] else ""
        lines.append(f"{number:>2}. {page['title']} [{page['id']}{repeats}{when}]")
        lines += [_field_line(field) for field in page["fields"]]
        lines += [f"      Regel {check['id']}: {check['holds']}" for check in page["checks"]]
        lines += [f"      Ende {each['id']}, wenn {each['when']}" for each in page["ends"]]
        lines += [f"      Weiter bei {each['to']}, wenn {each['when']}" for each in page["next"]]
    lines += ["", "Ablauf"]
    lines += [f"    {line}" for line in shown["process"]]
    lines.append("")
    for title, key in (
        ("Entscheidungen", "decisions"),
        ("Dokumente", "documents"),
        ("Übergaben", "mappings"),
        ("Sprachen", "languages"),
    ):
        lines.append(f"{title}: {', '.join(shown[key]) or '-'}")
    lines.append("Listen: " + (", ".join(f"{k} ({n})" for k, n in shown["lists"].items()) or "-"))
    if shown["open_points"]:
        lines.append(f"Offene Punkte: {len(shown['open_points'])} (siehe blueprint.yaml)")
    return "\n".join(lines)


def _field_line(field: dict[str, Any]) -> str:
    rules = [f"{word} {field[key]}" for key, word in _RULES if field[key]]
    return f"      {field['id']:<28} {field['widget']:<10} {field['label']}" + (
        f"  [{'; '.join(rules)}]" if rules else ""
    )


_RULES = (("when", "wenn"), ("required", "Pflicht wenn"), ("value", "="), ("allowed", "nur"))
