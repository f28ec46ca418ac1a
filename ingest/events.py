"""What an import tells while it runs: for the progress line, for the log, for other programs and for the tests that kill it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Step = Literal[
    "planned",  # known what is to be read
    "reading",  # the files are being read and embedded, one after the other
    "embedded",  # some of a document's texts
    "staged",  # a document is safe: an interrupted import takes it up from here
    "refused",  # a file does not go in
    "assembling",  # all documents are staged
    "assembled",  # the next version's store is written
    "vectors",  # its vectors are in Chroma
    "checked",  # it holds and finds what it should
    "sealed",  # its files are durable, their hashes written down
    "published",  # it lies in its place, the old one is still serving
    "switched",  # it is serving
    "cleaned",  # what nobody needs any more is gone
]


@dataclass(frozen=True, slots=True)
class Event:
    """A step of an import. `done` and `total` are bytes of the files to be read, 0 where there is nothing to measure."""

    step: Step
    name: str = ""  # of the document
    done: int = 0
    total: int = 0
    detail: str = ""


Tell = Callable[[Event], None]


def silent(event: Event) -> None:
    """Tell nobody."""
