"""The promises of an answer object, checked from outside and by other means than the program's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

FOREIGN_MARKUP = re.compile(r"<|\]\(|!\[|://|\bwww\.|\[(?!\d+\])")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def assert_promises(answer: Mapping[str, Any], texts: Mapping[str, str]) -> None:
    """Check an answer against the indexed texts by document id; figures are compared as they are written."""
    text, citations = answer["answer"], answer["citations"]
    markers = {int(number) for number in re.findall(r"\[(\d+)\]", text)}
    assert markers == {citation["marker"] for citation in citations}
    assert sorted(markers) == list(range(1, len(markers) + 1))
    for citation in citations:
        assert citation["quote"] == texts[citation["document_id"]][citation["start"] : citation["end"]]
        assert citation["quote"].strip()
    assert not FOREIGN_MARKUP.search(text), text
    assert len(text.split()) <= 260
    assert text.strip()
    if answer["status"] == "not_found":
        assert not citations
        return
    assert citations
    quotes = {citation["marker"]: citation["quote"] for citation in citations}
    for sentence, cited in re.findall(r"(.+?)((?:\s*\[\d+\])+)", text, re.DOTALL):
        proof = " ".join(quotes[int(number)] for number in re.findall(r"\d+", cited))
        unproven = _digits(sentence) - _digits(proof)
        assert not unproven, (sentence, proof)


def _digits(text: str) -> set[str]:
    """The figures of a text by their digits alone, "1907.0" as "1907"."""
    return {re.sub(r"[.,]0+$|[.,]", "", figure) for figure in _FIGURE.findall(text)}
