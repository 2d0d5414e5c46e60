"""Reads FEEL into its tree by recursive descent, one function a level of binding.

DMN 1.5, sections 10.3.1.2 (grammar) and 10.3.1.4 (names with spaces, known by scope). The text
comes from strangers: its length, its nesting and the work of reading it are bounded.
"""

from collections.abc import Callable

from dienstweg.blueprint.feel_kinds import kind_of
from dienstweg.blueprint.feel_names import Names
from dienstweg.blueprint.feel_primaries import COMPARED, primary
from dienstweg.blueprint.feel_stream import DEEPEST, MOST_STEPS, NOTHING, Known, Stream
from dienstweg.blueprint.feel_tokens import END, BadFeel, TooDeep, tokens
from dienstweg.blueprint.feel_tree import (
    Between,
    Binary,
    Call,
    Cell,
    Filter,
    Instance,
    Member,
    Negated,
    Node,
    Test,
    Within,
    parts_of,
)

HIGHEST = 100
"""Nodes in each other, so that working them out stays far from Python's own limit."""


def read(source: str, around: Known = NOTHING) -> Node:
    """Read an expression; raises `BadFeel`."""
    return _read(source, around, Reader.expression)


def read_cell(source: str, around: Known = NOTHING) -> Cell:
    """Read the unary tests of a table's cell; raises `BadFeel`."""
    found = _read(source, around, Reader.cell)
    assert isinstance(found, Cell), "unary tests are a cell"
    return found


def _read(source: str, around: Known, rule: "Callable[[Reader], Node]") -> Node:
    reader = Reader(tokens(source), around)
    found = rule(reader)
    if reader.now is not END:
        raise reader.unexpected()
    if _height(found) > HIGHEST:
        raise reader.too_deep()
    return found


def _height(tree: Node) -> int:
    """How many nodes stand in each other; a long sum is as high as it is long."""
    height, level = 0, [tree]
    while level:
        height += 1
        level = [part for node in level for part in parts_of(node)]
    return height


class Reader(Stream):
    """One function a level of binding, the loosest first."""

    def expression(self) -> Node:
        """Read any expression."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.too_deep()
        found = self._or()
        self.depth -= 1
        return found

    def cell(self) -> Node:
        """Read unary tests: `-`, tests by commas, `not(...)` around them."""
        if self.now is END or (self.is_sign("-") and self.tokens[self.at + 1] is END):
            self.at += self.now is not END
            return Cell(())
        here = self.here()
        if self.is_word("not") and self.is_sign("(", ahead=1):
            self.at += 2
            try:
                tests = self._tests()
                self.expect(")")
                if self.now is END:
                    return Cell(tests, negated=True)
            except TooDeep:
                raise
            except BadFeel:
                pass
            self.back(here)
        return Cell(self._tests())

    def _tests(self) -> tuple[Node, ...]:
        found = [self.test()]
        while self.is_sign(","):
            self.take()
            found.append(self.test())
        return tuple(found)

    def test(self) -> Node:
        """Read one unary test."""
        if self.is_sign(*COMPARED):
            sign = self.take().text
            return Test(sign, self._sum())
        return self.expression()

    def _or(self) -> Node:
        found = self._and()
        while self.is_word("or"):
            self.take()
            found = Binary("or", found, self._and())
        return found

    def _and(self) -> Node:
        found = self._comparison()
        while self.is_word("and"):
            self.take()
            found = Binary("and", found, self._comparison())
        return found

    def _comparison(self) -> Node:
        found = self._sum()
        while True:
            if self.is_sign(*COMPARED):
                sign = self.take().text
                found = Binary(sign, found, self._sum())
            elif self.is_word("between"):
                self.take()
                low = self._sum()
                self.expect("and")
                found = Between(found, low, self._sum())
            elif self.is_word("in"):
                self.take()
                found = Within(found, self._in_tests())
            else:
                return found

    def _in_tests(self) -> tuple[Node, ...]:
        """After `in`: one test, or several in brackets."""
        if self.is_sign(*COMPARED):
            return (self.test(),)
        if self.is_sign("("):
            here = self.here()
            self.take()
            try:
                tests = self._tests()
                if self.is_sign(")"):
                    self.take()
                    return tests
            except TooDeep:
                raise
            except BadFeel:
                pass
            self.back(here)
        return (self._sum(),)

    def _sum(self) -> Node:
        found = self._product()
        while self.is_sign("+", "-"):
            sign = self.take().text
            found = Binary(sign, found, self._product())
        return found

    def _product(self) -> Node:
        found = self._power()
        while self.is_sign("*", "/"):
            sign = self.take().text
            found = Binary(sign, found, self._power())
        return found

    def _power(self) -> Node:
        found = self._negated()
        while self.is_sign("**"):
            self.take()
            found = Binary("**", found, self._negated())
        return found

    def _negated(self) -> Node:
        signs = 0
        while self.is_sign("-"):
            self.take()
            signs += 1
        if signs > DEEPEST:
            raise self.too_deep()
        found = self._instance()
        for _ in range(signs):
            found = Negated(found)
        return found

    def _instance(self) -> Node:
        found = self._postfix()
        while self.is_word("instance"):
            self.take()
            self.expect("of")
            found = Instance(found, kind_of(self))
        return found

    def _postfix(self) -> Node:
        """Members, filters and calls after a value."""
        found = primary(self)
        for _ in range(MOST_STEPS // 100):
            if self.is_sign("."):
                self.take()
                found = Member(found, self._member())
            elif self.is_sign("("):
                found = self._call(found)
            elif self.is_sign("["):
                filtered = self._filter(found)
                if filtered is None:
                    return found
                found = filtered
            else:
                return found
        raise self.too_deep()

    def _filter(self, of: Node) -> Node | None:
        """Read `[by]`; None where the bracket is the open end of an interval.

        In the brackets the members of what is filtered are names.
        """
        here = self.here()
        outer = self.names
        self.take()
        self.names = Names((), outer, self.members)
        try:
            by = self.expression()
            if not self.is_sign("]"):
                raise self.unexpected()
        except TooDeep:
            raise
        except BadFeel:
            if not self.open_ends:
                raise
            self.back(here)
            return None
        self.names = outer
        self.take()
        return Filter(of, by)

    def _member(self) -> str:
        """Read the name after a dot."""
        longest = self.members.longest(self.tokens, self.at)
        if longest is not None:
            self.at += longest[1]
            return longest[0]
        if self.now.kind != "name":
            raise self.unexpected()
        return self.take().text

    def _call(self, of: Node) -> Node:
        self.take()
        names: list[str] = []
        parts: list[Node] = []
        while not self.is_sign(")"):
            if parts:
                self.expect(",")
            name = self.label()
            if parts and (name is None) is bool(names):
                raise self.unexpected()
            if name is not None:
                names.append(name)
            parts.append(self.expression())
        self.take()
        return Call(of, tuple(parts), tuple(names) if names else None)
