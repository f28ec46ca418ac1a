from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.web.guard.body import nested_deeper

JSON = st.recursive(
    st.none() | st.text() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


def depth(value: Any) -> int:
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


@given(JSON, st.integers(0, 5))
def test_the_depth_of_json(value: Any, most: int) -> None:
    assert nested_deeper(json.dumps(value).encode(), most) == (depth(value) > most)
    assert nested_deeper(json.dumps(value, ensure_ascii=False).encode(), most) == (depth(value) > most)


@given(st.binary())
def test_anything_is_looked_at(text: bytes) -> None:
    assert nested_deeper(text, 0) in (True, False)


@pytest.mark.parametrize(
    ("text", "deeper"),
    [
        (b"[" * 33, True),
        (b'{"a":' * 33, True),
        (b"[[]" * 20, False),
        (b"[]" * 100, False),
        (b'"' + b"[" * 100, False),  # a string without an end is still one
        (b'"\\"' + b"[" * 100 + b'"', False),
        (b'"\\\\"' + b"[" * 100, True),
        (b'"' * 200_000 + b"[" * 100, True),
        (b'\\"' * 100_000 + b"[" * 40, False),
        (b"]" * 100 + b"[" * 100, False),  # no JSON, and no parser gets deep in it
    ],
)
def test_cases(text: bytes, deeper: bool) -> None:
    assert nested_deeper(text, 32) is deeper
