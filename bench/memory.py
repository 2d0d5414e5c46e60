"""`python -m bench.memory`: the memory of a worker, looked at again and again over 10,000 cases.

A whole installation: every case is filled in over HTTP, taken by the worker with its queue, its
receipt set by Typst, handed over to the back office's simulator, and closed.
"""

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass

from bench import measuring, processes
from bench.ground import HERE, Ground, ground
from bench.measuring import Figures

CASES = 10_000
TURN = 250
"""Cases between two looks."""
KINDS = ("worker", "typist", "web")
WARM = 0.1
"""Share of the cases after which a process has compiled and cached what it needs."""
GROWTH = 10.0
"""Most MiB that the worker may hold more at the end than when it was warm."""


@dataclass(frozen=True)
class Memory:
    """PSS in MiB of the largest process of each kind, by how many cases were done."""

    sizes: dict[str, list[tuple[int, float]]]

    @property
    def growth(self) -> float:
        """What the worker holds more at the end than when it was warm, in MiB."""
        looks = self.sizes["worker"]
        warm = next(size for number, size in looks if number >= WARM * looks[-1][0])
        return round(looks[-1][1] - warm, 1)

    @property
    def cases(self) -> int:
        """How many cases were done."""
        return self.sizes["worker"][-1][0]

    def lines(self) -> list[str]:
        """Return the figures for people."""
        told = [f"Memory over {self.cases} cases (PSS in MiB, the largest process of a kind)"]
        for kind, looks in self.sizes.items():
            some = looks[: -1 : max(1, len(looks) // 8)] + looks[-1:]
            told.append(
                f"  {kind:<8} " + ", ".join(f"{size:.0f} after {number}" for number, size in some)
            )
        return told

    def verdicts(self) -> Iterator[tuple[str, float, str, bool]]:
        """Yield name, figure, aim and whether it is met."""
        name = f"MiB more of the worker over {self.cases} cases"
        yield name, self.growth, f"<= {GROWTH:g}", self.growth <= GROWTH


def measure(place: Ground, cases: int = CASES) -> Memory:
    """Let so many cases go their whole way; look at the processes after each turn."""
    sizes: dict[str, list[tuple[int, float]]] = {kind: [] for kind in KINDS}
    for done in range(TURN, cases + 1, TURN):
        measuring.whole(place, Figures(), clients=measuring.AMONG, jobs=TURN)
        found = processes.proportional_memory(os.getpid())
        for kind in KINDS:
            sizes[kind].append((done, round(max(found.get(kind, [0.0])), 1)))
        print(f"... {done} cases: worker {sizes['worker'][-1][1]} MiB", flush=True)
    return Memory(sizes)


def main() -> int:
    """Measure and print; return 1 where the worker has grown."""
    parser = argparse.ArgumentParser(prog="python -m bench.memory")
    parser.add_argument("--cases", type=int, default=CASES)
    options = parser.parse_args()
    with ground(HERE.parent / "var" / "bench") as place:
        found = measure(place, max(options.cases, 2 * TURN))
    print("\n".join(found.lines()))
    fits = True
    for name, value, aim, met in found.verdicts():
        print(f"  {'met  ' if met else 'SHORT'}  {name}: {value:g} (aim {aim})")
        fits = fits and met
    return 0 if fits else 1


if __name__ == "__main__":
    raise SystemExit(main())
