"""Values of which some are only worked out when an expression asks for them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any


class WhenAsked(Mapping[str, Any]):
    """Values by name: those that are known, and those that are worked out once, if ever.

    Most steps of a process ask for nothing that has to be looked up.
    """

    def __init__(
        self, known: Mapping[str, Any], looked_up: Mapping[str, Callable[[], Any]]
    ) -> None:
        self._known, self._looked_up = dict(known), looked_up

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            self._known[name] = self._looked_up[name]()
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._known or name in self._looked_up

    def __iter__(self) -> Iterator[str]:
        return iter({**self._known, **self._looked_up})

    def __len__(self) -> int:
        return len({**self._known, **self._looked_up})
