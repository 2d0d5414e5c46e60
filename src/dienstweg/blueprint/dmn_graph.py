"""Decision requirement graphs: which decision needs what, and working them out in that order.

A file is compiled once (`Library`); `Decider` then works out decisions for one set of input data,
each at most once. Functions (business knowledge models) and services are values that others call.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from dienstweg.blueprint.dmn_boxes import Boxes, Noted
from dienstweg.blueprint.dmn_membernames import member_names
from dienstweg.blueprint.dmn_model import Element, FunctionBox, Graph, Key, TableBox, Text
from dienstweg.blueprint.dmn_tables import Table
from dienstweg.blueprint.dmn_types import Types
from dienstweg.blueprint.feel_compiling import Compiler
from dienstweg.blueprint.feel_reading import read_cell
from dienstweg.blueprint.feel_running import invoked
from dienstweg.blueprint.feel_stream import Known, known
from dienstweg.blueprint.feel_tokens import BadFeel
from dienstweg.blueprint.feel_types import ANY, Allowed, Type, coerced
from dienstweg.blueprint.feel_values import Budget, Function, Run, Scope, TooMuch, Value

Note = Callable[[str, str, int | None], None]
Graphs = Mapping[str, Graph]
"""Files by their namespace."""


@dataclass(frozen=True, slots=True)
class Part:
    """A compiled element: `wants` are the names under which it sees what it requires.

    A name of two parts stands under that of an import. `tables` are those in it, `noted` its texts.
    """

    element: Element
    type: Type
    wants: tuple[tuple[tuple[str, ...], Key], ...]
    run: Run | None = None
    parameters: tuple[tuple[str, ...], list[Type | None]] = ((), [])
    tables: tuple[tuple[TableBox, Table], ...] = ()
    noted: tuple[Noted, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """All parts that a file and its imports hold, and an order for each decision."""

    graph: Graph
    parts: Mapping[Key, Part] = field(repr=False)
    types: Types = field(repr=False)

    def order(self, key: Key) -> tuple[Key, ...]:
        """What must be worked out for a decision, in order, itself last."""
        found: dict[Key, None] = {}
        seen: set[Key] = set()
        waiting: list[tuple[Key, bool]] = [(key, False)]
        while waiting:
            each, ready = waiting.pop()
            if ready:
                found[each] = None
                continue
            if each in seen or each not in self.parts:
                continue
            seen.add(each)
            waiting.append((each, True))
            waiting.extend((need, False) for _, need in reversed(self.parts[each].wants))
        return tuple(found)


class Library:
    """The files that may use each other; each is compiled once, however many import it.

    `notes` take the problems of a file by its path; `roots` are names that every expression sees
    besides what it requires.
    """

    def __init__(
        self, graphs: Graphs, notes: Mapping[str, Note], roots: tuple[str, ...] = ()
    ) -> None:
        self.graphs, self.notes, self.roots = graphs, notes, roots
        self._done: dict[str, tuple[Types, dict[Key, Part]]] = {}

    def compiled(self, graph: Graph) -> Compiled:
        """Compile a file and what it imports."""
        parts: dict[Key, Part] = {}
        for each in _reached(graph, self.graphs):
            parts |= self._file(each)[1]
        found = Compiled(graph, parts, self._file(graph)[0])
        _refuse_circles(found, self.notes[graph.path])
        return found

    def _file(self, graph: Graph) -> tuple[Types, dict[Key, Part]]:
        if graph.path not in self._done:
            seen = {each.namespace: each for each in _reached(graph, self.graphs)}
            compiler = _FileCompiler(graph, seen, self.notes[graph.path], self.roots)
            parts = {each.key: compiler.part(each) for each in graph.elements.values()}
            self._done[graph.path] = compiler.types, parts
        return self._done[graph.path]


def _reached(graph: Graph, graphs: Graphs) -> Iterator[Graph]:
    """A file and all that it imports, at whatever distance."""
    seen: set[str] = set()
    waiting = [graph]
    while waiting:
        each = waiting.pop()
        if each.namespace not in seen:
            seen.add(each.namespace)
            yield each
            waiting += [graphs[it.namespace] for it in each.imports if it.namespace in graphs]


def _refuse_circles(found: Compiled, note: Note) -> None:
    """Nothing must need itself through others; a function may call itself by its own name."""
    for key, element in found.graph.elements.items():
        seen: set[Key] = set()
        waiting = [each for _, each in found.parts[key].wants]
        while waiting:
            each = waiting.pop()
            if each not in seen and each in found.parts:
                seen.add(each)
                waiting += [need for _, need in found.parts[each].wants]
        if key in seen:
            note("cycle", f"„{element.name}“ braucht sich selbst.", element.line)


class _FileCompiler:
    """Compiles the elements of one file."""

    def __init__(self, graph: Graph, graphs: Graphs, note: Note, roots: tuple[str, ...]) -> None:
        self.graph, self.graphs, self.note, self.roots = graph, graphs, note, roots
        self.aliases = {each.name: each.namespace for each in graph.imports}
        imported = {name: graphs[space] for name, space in self.aliases.items() if space in graphs}
        self.members = sorted({name for each in graphs.values() for name in member_names(each)})
        self.types = Types(graph, imported, self._allowed)
        for each in graph.imports:
            if each.namespace not in graphs:
                note("dmn-import", f"Die Datei zu {each.namespace[:120]} fehlt.", each.line)

    def _allowed(self, text: Text) -> Allowed | None:
        """The test that the allowed values of a type are."""
        try:
            cell = read_cell(text.text, known((), self.members))
        except BadFeel as error:
            self.note("feel", f"„{text.text[:80]}“: {error}", text.line)
            return None
        return Compiler(self.types.find).cell(cell)

    def part(self, element: Element) -> Part:
        """Compile one element."""
        wanted = self._type(element)
        if element.kind == "input":
            return Part(element, wanted, ())
        if element.kind == "service":
            return self._service(element, wanted)
        wants = tuple(self._wants(element))
        around = known((*(name[0] for name, _ in wants), *self.roots), self.members)
        boxes = Boxes(element.key[1], self.types, self.note)
        boxes.bound = frozenset(name[0] for name, _ in wants) | set(self.roots)
        if element.kind == "function":
            return self._function(element, wanted, wants, boxes, around)
        if element.box is None:
            wanted = ANY
        run = boxes.box(element.box, around)
        return Part(
            element, wanted, wants, run, tables=tuple(boxes.tables), noted=tuple(boxes.noted)
        )

    def _type(self, element: Element) -> Type:
        found = self.types.of(element.type)
        if found.unknown:
            message = f"Den Typ {element.type[:80]} gibt es nicht."
            self.note("dmn-type", message, element.line)
            return ANY
        return found

    def _wants(self, element: Element) -> Iterator[tuple[tuple[str, ...], Key]]:
        """The names by which an element sees what it requires."""
        for key in element.requires:
            graph = self.graphs.get(key[0])
            found = None if graph is None else graph.elements.get(key)
            if found is None:
                message = f"„{element.name}“ braucht {key[1][:80]}; das gibt es nicht."
                self.note("dmn-reference", message, element.line)
                continue
            alias = next((name for name, space in self.aliases.items() if space == key[0]), "")
            yield ((alias, found.name) if alias else (found.name,)), key

    def _function(
        self,
        element: Element,
        wanted: Type,
        wants: tuple[tuple[tuple[str, ...], Key], ...],
        boxes: Boxes,
        around: Known,
    ) -> Part:
        box = element.box
        if not isinstance(box, FunctionBox) or box.foreign:
            return Part(element, wanted, wants, lambda _scope: None)
        names = tuple(name for name, _ in box.parameters)
        boxes.bound |= {element.name, *names}
        run = boxes.box(box.box, around.within([element.name, *names]))
        given = wanted.gives if wanted.kind == "function" else wanted
        types = [self.types.of(kind) if kind else None for _, kind in box.parameters]
        return Part(
            element,
            given or ANY,
            wants,
            run,
            (names, types),
            tuple(boxes.tables),
            tuple(boxes.noted),
        )

    def _service(self, element: Element, wanted: Type) -> Part:
        found = []
        for key in element.inputs:
            graph = self.graphs.get(key[0])
            each = None if graph is None else graph.elements.get(key)
            if each is not None:
                found.append((each.name, self.types.of(each.type)))
        names = tuple(name for name, _ in found)
        given = wanted.gives if wanted.kind == "function" else wanted
        return Part(element, given or ANY, (), None, (names, [each for _, each in found]))


class Decider:
    """Works out decisions for one set of input data.

    `given` are values by key: of input data, and of decisions that are not to be worked out.
    `roots` are the values that every expression sees.
    """

    def __init__(
        self,
        compiled_: Compiled,
        given: Mapping[Key, Value],
        roots: Mapping[str, Value],
        budget: Budget,
    ) -> None:
        self.compiled, self.roots, self.budget = compiled_, roots, budget
        self.done: dict[Key, Value] = dict(given)

    def decide(self, key: Key) -> Value:
        """The value of a decision; raises `TooMuch` and `dmn_tables.Ambiguous`."""
        for each in self.compiled.order(key):
            if each not in self.done:
                try:
                    self.done[each] = self._value(self.compiled.parts[each])
                except RecursionError:
                    raise TooMuch("a decision goes too deep") from None
        return self.done.get(key)

    def _value(self, part: Part) -> Value:
        kind = part.element.kind
        if kind == "input":
            return None
        if kind == "function":
            return self._function(part)
        if kind == "service":
            return self._service(part)
        assert part.run is not None, "a decision is compiled"
        self.budget.spend()
        scope = self._scope(part)
        return coerced(part.run(scope), part.type, scope)

    def _scope(self, part: Part) -> Scope:
        scope = Scope(self.roots, self.budget)
        for name, key in part.wants:
            value = self.done.get(key)
            if len(name) == 2:
                inner = scope.get(name[0])
                scope[name[0]] = {**inner, name[1]: value} if inner else {name[1]: value}
            else:
                scope[name[0]] = value
        return scope

    def _function(self, part: Part) -> Function:
        run = part.run
        assert run is not None, "a function is compiled"
        names, types = part.parameters
        around = self._scope(part)

        def body(inner: Scope) -> Value:
            return coerced(run(inner), part.type, inner)

        def answer(caller: Scope, given: list[Value], by: tuple[str, ...] | None = None) -> Value:
            inner = Scope(around, caller.budget)
            return invoked(inner, part.parameters, (given, by), body)

        typed = Type("function", takes=tuple(each or ANY for each in types), gives=part.type)
        found = Function(part.element.name, names, answer, typed)
        around[part.element.name] = found
        return found

    def _service(self, part: Part) -> Function:
        element = part.element

        def body(inner: Scope) -> Value:
            given = {
                key: inner.get(name)
                for key, name in zip(element.inputs, part.parameters[0], strict=True)
            }
            return self.serve(element.key, {**self._data(), **given})

        def answer(caller: Scope, given: list[Value], by: tuple[str, ...] | None = None) -> Value:
            inner = Scope({}, caller.budget)
            return invoked(inner, part.parameters, (given, by), body)

        names, types = part.parameters
        typed = Type("function", takes=tuple(each or ANY for each in types), gives=part.type)
        return Function(element.name, names, answer, typed)

    def _data(self) -> dict[Key, Value]:
        """The input data alone: a service works its decisions out anew."""
        parts = self.compiled.parts
        return {
            key: value
            for key, value in self.done.items()
            if key in parts and parts[key].element.kind == "input"
        }

    def serve(self, key: Key, given: Mapping[Key, Value]) -> Value:
        """What a service answers: its decision's value, or a context of several."""
        part = self.compiled.parts[key]
        inner = Decider(self.compiled, given, self.roots, self.budget)
        outputs = part.element.outputs
        values = {
            self.compiled.parts[each].element.name: inner.decide(each)
            for each in outputs
            if each in self.compiled.parts
        }
        scope = Scope(self.roots, self.budget)
        found = next(iter(values.values())) if len(values) == 1 else values
        return coerced(found, part.type, scope)
