"""A large index out of a small one: its documents many times over, each time about other bodies with other figures.

Every copy has names, rare words and figures of its own, each as long as the one it stands for, so that passages and sentences keep
their places; common words stay, as they do in any larger collection. Facts and index terms are read from the new texts as an import
reads them. Only the vectors are not computed, which would take hours: they are the originals', a little apart from each other.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from assistant.errors import InvalidInputError
from assistant.index.late_interaction import Embedded
from assistant.index.store import Store
from assistant.index.stored import StoredFile
from assistant.index.versions import BUILDING, publish, switch
from assistant.index.writer import StoreWriter
from assistant.text.abbreviations import explained_abbreviations
from assistant.text.bodies import is_generic, is_marked
from assistant.types import Chunk, Document
from ingest.assemble import Contents, assemble
from ingest.build import found_files
from ingest.events import silent
from ingest.facts import facts_of
from ingest.parse import Parsed, parse
from ingest.stage import STAGED, digest_of, embedding_text, entries

_WORD = re.compile(r"[^\W\d_]+|\d+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_RARE = 12  # times a word may occur in the corpus to be replaced in its copies
_SHORTEST = 4  # letters of a rare word that is replaced
_ENDING = 3  # letters that stay, so that words decline, and are stemmed, as they were
_DAYS = 31  # smaller figures may be part of a date
_FORMS = 40  # each rare word has in all copies together: a larger collection has more words, but not in proportion
_EVERY = 1_000_000  # each copy has names of its own
_APART = 0.12  # length of what is added to a vector of unit length: by the copy, and as much by the unit
_LETTERS = ("aeiou", "bcdfghklmnprstwz", "äöü")


class Names:
    """What one copy calls things: another word of the same length and look for each name, rare word and figure."""

    def __init__(self, number: int, replaced: Mapping[str, int]) -> None:
        self._number, self._replaced = number, replaced
        self._known: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        """The text in the words of the copy, as long as it was."""
        return _WORD.sub(lambda match: self._word(match[0]), text)

    def _word(self, word: str) -> str:
        if word not in self._known:
            self._known[word] = self._figure(word) if word.isdigit() else self._other(word)
        return self._known[word]

    def _figure(self, digits: str) -> str:
        if int(digits) <= _DAYS or digits.startswith("0") or _YEAR.fullmatch(digits):
            return digits
        drawn = _drawn(f"{self._number}:{digits}")
        return str(10 ** (len(digits) - 1) + drawn % (9 * 10 ** (len(digits) - 1)))

    def _other(self, word: str) -> str:
        plain = word.casefold()
        forms = self._replaced.get(plain)
        if forms is None:
            return word
        drawn = _drawn(f"{self._number % forms}:{plain}")
        kept = len(word) - _ENDING if len(word) > _ENDING + 1 else len(word)
        return "".join(_turned(letter, drawn >> (3 * place)) for place, letter in enumerate(word[:kept])) + word[kept:]


def _drawn(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=16).digest(), "big")


def _turned(letter: str, drawn: int) -> str:
    """Another letter of the same sort, capital where it was."""
    for letters in _LETTERS:
        place = letters.find(letter.lower())
        if place >= 0:
            other = letters[(place + drawn) % len(letters)]
            return other.upper() if letter.isupper() else other
    return letter


@dataclass(frozen=True, slots=True)
class Corpus:
    """The original documents, what was embedded of them by its digest, and which words their copies replace."""

    documents: Sequence[Parsed]
    embedded: Mapping[bytes, Embedded]
    replaced: Mapping[str, int]  # folded word → in how many forms


def read_corpus(paths: Sequence[Path], store: Store) -> Corpus:
    """The documents under the paths, with their vectors from the store of an index of them.

    Raises:
        InvalidInputError: the index holds other documents.
    """
    files, _ = found_files(paths, store.path.parent)
    documents = [parse(file) for file in files]
    digests = [
        digest_of(embedding_text(one.document, chunk, unit))
        for one in documents for chunk in one.chunks for unit in chunk.units
    ]  # fmt: skip
    embedded = store.embedded(digests)
    if embedded.keys() != set(digests):
        raise InvalidInputError(f"{store.path} is no index of these documents.", "Run lotse-ingest first.")
    return Corpus(documents, embedded, _replaced(documents, store))


def _replaced(documents: Sequence[Parsed], store: Store) -> dict[str, int]:
    """Words of names in a form for every copy, rare ones in a form for some of them."""
    counts = Counter(word for one in documents for word in _WORD.findall(one.document.text))
    spoken = Counter(word.casefold() for word in counts.elements())
    names = {
        word for name in (*store.long_forms(), *(s for _, s, _ in store.fact_places())) for word in _WORD.findall(name)
    }
    names |= {word for word in counts if is_marked(word)}
    rare = {word: _FORMS for word, count in spoken.items() if count <= _RARE and len(word) >= _SHORTEST}
    return rare | {word.casefold(): _EVERY for word in names if not word.isdigit() and not is_generic(word)}


def passages_in(corpus: Corpus) -> int:
    """How many passages one copy has."""
    return sum(len(one.chunks) for one in corpus.documents)


def write_copies(corpus: Corpus, staging: StoreWriter, passages: int) -> Iterator[Document]:
    """Put the originals and then their copies into a store, until it holds so many passages; yields what went in."""
    left, number = passages, 0
    while left > 0:
        for one in corpus.documents:
            copy, vectors = (_copied(one, corpus, number)) if number else (one, corpus.embedded)
            abbreviations = explained_abbreviations(copy.document.text)
            staging.add(copy.document, entries(copy, vectors), abbreviations)
            staging.add_facts(facts_of(copy.document, copy.chunks, abbreviations))
            staging.put_file(copy.document.name, copy.document.content_hash, copy.document.name)
            left -= len(copy.chunks)
            yield copy.document
            if left <= 0:
                break
        staging.commit()
        number += 1


def _copied(one: Parsed, corpus: Corpus, number: int) -> tuple[Parsed, dict[bytes, Embedded]]:
    """A document in the words of a copy, with the vectors of its units by their digests."""
    names, original = Names(number, corpus.replaced), one.document
    text, name = names(original.text), _name(original.name, number)
    assert len(text) == len(original.text), "every passage keeps its place"
    document = replace(
        original,
        id=hashlib.sha256(name.encode()).hexdigest()[:16],
        name=name,
        title=names(original.title),
        translation_of=original.translation_of and _name(original.translation_of, number),
        content_hash=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
    )
    chunks = tuple(_chunk(chunk, document, names) for chunk in one.chunks)
    drawn = np.random.default_rng(_drawn(name) % 2**32)
    dimension = next(iter(corpus.embedded.values())).vector.size
    together = _APART * drawn.normal(size=dimension) / np.sqrt(dimension)
    vectors = {}
    for before, after in zip(one.chunks, chunks, strict=True):
        for unit in before.units:
            known = corpus.embedded[digest_of(embedding_text(original, before, unit))]
            vector = known.vector + together + _APART * drawn.normal(size=dimension) / np.sqrt(dimension)
            near = (vector / np.linalg.norm(vector)).astype(np.float32)
            vectors[digest_of(embedding_text(document, after, unit))] = replace(known, vector=near)
    return Parsed(document, chunks), vectors


def _name(name: str, number: int) -> str:
    return f"{name.removesuffix('.md')}-{number:04}.md"


def _chunk(chunk: Chunk, document: Document, names: Names) -> Chunk:
    key = f"{document.id}:{document.content_hash}:{chunk.span.start}:{chunk.span.end}"
    section = tuple(names(heading) for heading in chunk.section)
    return replace(chunk, id=hashlib.sha256(key.encode()).hexdigest()[:16], document_id=document.id, section=section)


def build_copies(corpus: Corpus, data: Path, passages: int, model: str) -> None:
    """Make the index in `data` as an import does, but for reading files and embedding."""
    building = data / BUILDING
    building.mkdir(parents=True)
    with closing(StoreWriter(building / STAGED)) as staging:
        staging.write_ahead()
        files = {
            document.name: StoredFile(document.name, document.content_hash, document.name)
            for document in write_copies(corpus, staging, passages)
        }
    contents = Contents(files, frozenset(files), {}, ())
    folder = assemble(building, contents, None, model, None, 1, silent)
    version = contents.version(model)
    publish(data, folder, version)
    switch(data, version)
    shutil.rmtree(building)
