"""Does pure work on many things in several processes: for a command that a designer waits for.

Processes are forked, so that they have what was compiled already; never in a server, whose threads
and connections a fork would copy. What comes back is sent through a pipe.
"""

import gc
import multiprocessing
import os
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import TypeVar

Thing = TypeVar("Thing")
Result = TypeVar("Result")
FEWEST = 8
"""Things for which a process of its own is worth its start."""
SELDOM = (20_000, 20, 20)
"""How seldom such a process looks for circles of dead objects: it soon ends."""


def spread(
    work: Callable[[Sequence[Thing]], list[Result]], things: Sequence[Thing], processes: int
) -> list[Result]:
    """Return what `work` gives for all things, in their order, done by so many processes.

    Raises RuntimeError if one of them ends without an answer.
    """
    count = min(processes, len(things) // FEWEST)
    if count < 2:
        return work(things)
    context = multiprocessing.get_context("fork")
    pipes: list[Connection] = []
    children = []
    for number in range(count):
        receiver, sender = context.Pipe(duplex=False)
        child = context.Process(target=_answer, args=(work, things[number::count], sender))
        child.start()
        sender.close()
        pipes.append(receiver)
        children.append(child)
    try:
        parts: list[list[Result]] = [_received(pipe) for pipe in pipes]
    except BaseException:
        # One that still has much to say would wait for ever for somebody to hear it.
        for child in children:
            child.terminate()
        raise
    finally:
        for child in children:
            child.join()
    results: list[Result | None] = [None] * len(things)
    for number, part in enumerate(parts):
        results[number::count] = part
    return [each for each in results if each is not None]


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0))


def _answer(
    work: Callable[[Sequence[Thing]], list[Result]], things: Sequence[Thing], pipe: Connection
) -> None:
    gc.freeze()  # what the parent has compiled stays: looking through it costs a tenth of the time
    gc.set_threshold(*SELDOM)
    pipe.send(work(things))
    pipe.close()


def _received(pipe: Connection) -> list[Result]:
    try:
        found: list[Result] = pipe.recv()
    except EOFError:
        message = "a process ended without an answer"
        raise RuntimeError(message) from None
    return found
