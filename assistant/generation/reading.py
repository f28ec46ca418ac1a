"""A reply as it comes in to sentences, each as soon as nothing that follows can change it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from assistant.text.markers import MarkedSentence, marked_sentences
from assistant.text.sentences import split_sentences

_THINKS = re.compile(r"<think(?:ing)?>", re.IGNORECASE)
_THOUGHT = re.compile(r"</think(?:ing)?>", re.IGNORECASE)
_HALF_TAG = re.compile(r"</?[a-z]{0,8}\Z", re.IGNORECASE)
_MARKERS = r"(?:\[\s*(?:passage\s+)?\d[\d\s,;]*\]\s*)+"
_FIRST_MARKERS = re.compile(rf"\s*{_MARKERS}", re.IGNORECASE)
_MARKED_STOP = re.compile(rf"{_MARKERS}[.!?…](?=\s|\Z)", re.IGNORECASE)  # "[2].": what ends so has ended
_LINE_ENDED = re.compile(r"(?:[.!?:…\]|*]\s*|\A\s*)\Z")  # a line that the next one does not continue
_NO_PROSE = re.compile(r"\s*(?:#|\||```|~~~)")
_LINE_START = re.compile(r"\s*(?:(?:[-*+•>]|\d{1,2}[.)])\s+)*")
_WORD = re.compile(r"\S+\s")
_MAY_END = re.compile(r"[.!?…\r\n]")
_LONGEST = 3_000  # characters of a sentence
_BROKEN = re.compile("[\ufffd\ud800-\udfff]")  # what is left of characters that came damaged


class ReplyReader:
    """Feed it the pieces of a reply. What a reasoning model thinks aloud is left out."""

    def __init__(self) -> None:
        self.text = ""  # all that has come but the thoughts
        self._held = ""  # may be half a tag
        self._thinking = False
        self._pending = 0  # where in the text the first unsettled sentence begins

    def feed(self, piece: str) -> Iterator[MarkedSentence]:
        """The sentences that are settled by now."""
        self._held += piece
        self._think()
        self._pending += self._late_markers()
        pending = self.text[self._pending :]
        if len(pending) > _LONGEST:  # no sentence, and looking for its end again and again takes ever longer
            self._pending = len(self.text)
            return
        cut = _settled(pending) if _MAY_END.search(pending) else 0
        if cut:
            self._pending += cut
            yield from _sentences(pending[:cut])

    def finish(self) -> Iterator[MarkedSentence]:
        """The rest, where the reply is whole."""
        if not self._thinking:
            self.text += self._held
        pending, self._pending = self.text[self._pending :], len(self.text)
        yield from _sentences(pending)

    def _late_markers(self) -> int:
        """Characters of markers that follow a sentence which is settled already; they are not the next one's."""
        late = _FIRST_MARKERS.match(self.text, self._pending)
        goes_on = self._pending and self.text[self._pending - 1] not in "\r\n"
        return len(late[0]) if late and goes_on and "\n" not in late[0] else 0

    def _think(self) -> None:
        """Move what is no thought from what is held to the text."""
        while tag := (_THOUGHT if self._thinking else _THINKS).search(self._held):
            if not self._thinking:
                self.text += self._held[: tag.start()]
            self._held, self._thinking = self._held[tag.end() :], not self._thinking
        half = _HALF_TAG.search(self._held)
        whole = half.start() if half else len(self._held)
        if not self._thinking:
            self.text += self._held[:whole]
        self._held = self._held[whole:]


def _sentences(text: str) -> Iterator[MarkedSentence]:
    broken = _BROKEN.search(text)
    for sentence in marked_sentences(text):
        yield dataclasses.replace(sentence, usable=False) if broken else sentence


def _settled(text: str) -> int:
    """How many characters of a text hold whole sentences, whatever follows."""
    cut = start = 0
    for line in text.splitlines(keepends=True):
        if line.splitlines()[0] != line:
            cut = start + len(line) if _LINE_ENDED.search(line) else cut
        elif not _NO_PROSE.match(line):
            within = _settled_in_line(line)
            cut = start + within if within else cut
        start += len(line)
    return cut


def _settled_in_line(line: str) -> int:
    """The same within one unfinished line: up to a marked stop, or up to a sentence that has begun with a whole word."""
    marked = [match.end() for match in _MARKED_STOP.finditer(line)]
    begun = _LINE_START.match(line)
    spans = list(split_sentences(line, begun.end() if begun else 0))
    cut = marked[-1] if marked else 0
    if len(spans) > 1:
        last = spans[-1].start
        markers = _FIRST_MARKERS.match(line, last)  # they belong to the sentence before
        following = markers.end() if markers else last
        if following > cut and _WORD.match(line, following):
            cut = following
    return cut
