"""What is wrong with a call of a built-in function: how many arguments, their names and kinds."""

from collections.abc import Iterator, Sequence

from dienstweg.blueprint.feel_signatures import SIGNATURES, Parameter, Signature
from dienstweg.blueprint.feel_types import Type, said

_FREE = frozenset(["Any", "Null", "list"])


def call_faults(name: str, given: Sequence[Type], names: Sequence[str] | None) -> Iterator[str]:
    """Yield what is wrong with a call, for designers; nothing where one form of it may fit."""
    forms = SIGNATURES[name]
    found = [list(_faults(form, given, names)) for form in forms]
    if all(found):
        yield from min(found, key=len)[:1]


def _faults(form: Signature, given: Sequence[Type], names: Sequence[str] | None) -> Iterator[str]:
    known = {each.name: each for each in form.parameters}
    if names is not None:
        for each in names:
            if each not in known:
                yield (f"„{form.name}“ hat keine Angabe „{each}“. Es gibt: {', '.join(known)}.")
        pairs = [
            (known[each], kind) for each, kind in zip(names, given, strict=True) if each in known
        ]
        missing = [each.name for each in form.parameters if not each.optional]
        for each in missing:
            if each not in names:
                yield f"„{form.name}“ braucht die Angabe „{each}“."
    else:
        if len(given) < form.least or (form.most is not None and len(given) > form.most):
            yield f"„{form.name}“ braucht {_how_many(form)}, nicht {len(given)}."
        pairs = list(zip(form.parameters, given, strict=False))
    for parameter, kind in pairs:
        if not _may_fit(parameter, kind):
            wanted = said(parameter.kind)
            yield (
                f"„{form.name}“: Bei „{parameter.name}“ muss {wanted} stehen, nicht {said(kind)}."
            )


def _how_many(form: Signature) -> str:
    if form.most is None:
        return f"mindestens {form.least} Angaben"
    if form.least == form.most:
        return "eine Angabe" if form.least == 1 else f"{form.least} Angaben"
    return f"{form.least} bis {form.most} Angaben"


def _may_fit(parameter: Parameter, given: Type) -> bool:
    wanted = parameter.kind
    return wanted in ("Any", "list", given.kind) or given.kind in _FREE
