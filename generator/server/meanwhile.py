"""Something that takes a while to open, opened while other work is done."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def meanwhile(opening: AbstractContextManager[T]) -> Iterator[Future[T]]:
    """Enter ``opening`` in a thread of its own, and leave it at the end if it was entered."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        entering = pool.submit(opening.__enter__)
        try:
            yield entering
        finally:
            if entering.exception() is None:
                opening.__exit__(None, None, None)
