"""A question in the words of an index: its content words, and what each of them may be called in the documents."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.index.store import Store
from assistant.index.subjects import Subjects
from assistant.index.vocabulary import Vocabulary
from assistant.text.glossary import synonyms, translations
from assistant.text.names import subjects
from assistant.text.words import STOP_WORDS, fold, index_terms, stem, tokens
from assistant.types import Language, Question

Abbreviations = tuple[tuple[str, frozenset[str]], ...]
"""Short forms, each with the content words of its long form."""

_TRANSLATED = 0.8
_SYNONYM = 0.5
_SAME_SPELLING = 0.9  # a word of the one language that the other one writes alike
_LIKE_A_NAME = 0.5  # times the worth: names are rarely compounds of one another
_SURE = 0.7  # variants worth less do not tell how common the word itself is
_CLITIC = re.compile(r"(?<=\w)['’](?:s|t|re|ve|ll|d|m)\b")
_SIGNS = {"de": {"F&E": "Forschung Entwicklung", "FuE": "Forschung Entwicklung"}, "en": {"R&D": "research development"}}


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A word of the question, as one language's documents may have it."""

    word: str
    variants: Mapping[str, float]  # term of the index → its worth, 0..1
    long_forms: tuple[frozenset[str], ...]  # of an abbreviation: terms that together stand for it
    idf: float
    is_name: bool  # it tells what the question is about, rather than what it asks

    def worth_as_subject(self, document: str, subjects: Subjects) -> float:
        """How far a whole document is about this word, 0..1."""
        spoken = (
            worth * subjects.of(word).get(document, 0.0) for word, worth in self.variants.items() if worth > _SURE
        )
        spelled = (min(subjects.of(word).get(document, 0.0) for word in words) for words in self.long_forms)
        return max([*spoken, *spelled], default=0.0)


@dataclass(frozen=True, slots=True)
class Pool:
    """One language's side of a search."""

    language: Language
    terms: tuple[Term, ...]
    weight: float = field(init=False)  # what covering the whole question is worth
    _worths: Mapping[str, Sequence[tuple[Term, float]]] = field(init=False)  # term of the index → words it stands for

    def __post_init__(self) -> None:
        worths: dict[str, list[tuple[Term, float]]] = {}
        for term in self.terms:
            for variant, worth in term.variants.items():
                worths.setdefault(variant, []).append((term, worth))
        object.__setattr__(self, "weight", sum(term.idf for term in self.terms) or 1.0)
        object.__setattr__(self, "_worths", worths)

    def coverage(self, words: frozenset[str]) -> dict[str, float]:
        """The question's words that are among `words`, with their share of the whole question, 0..1."""
        found: dict[str, float] = {}
        for word in words & self._worths.keys():
            for term, worth in self._worths[word]:
                found[term.word] = max(worth * term.idf / self.weight, found.get(term.word, 0.0))
        for term in self.terms:
            if any(long_form <= words for long_form in term.long_forms):
                found[term.word] = term.idf / self.weight
        return {word: share for word, share in found.items() if share}

    def about(self, document: str, subjects: Subjects) -> dict[str, float]:
        """The question's names that a whole document is about, with their share of the whole question, 0..1."""
        names = (term for term in self.terms if term.is_name and not term.word.isdigit())
        found = {term: term.worth_as_subject(document, subjects) for term in names}
        return {term.word: worth * term.idf / self.weight for term, worth in found.items() if worth}

    def weight_of(self, matched: Mapping[str, float], *, names: bool) -> float:
        """How much of the whole question the matched names, or the matched other words, make up, 0..1."""
        return sum(matched.get(t.word, 0.0) for t in self.terms if t.is_name == names)

    def share(self, matched: Mapping[str, float], *, names: bool) -> float:
        """How much of the question's names, or of its other words, is matched, 0..1; 1 where it has none."""
        wanted = sum(term.idf for term in self.terms if term.is_name == names) / self.weight
        return sum(matched.get(t.word, 0.0) for t in self.terms if t.is_name == names) / wanted if wanted else 1.0

    def word_weights(self, written: Sequence[str], asked_in: Language) -> list[float]:
        """What each word of the question, as it was written, weighs: the most that any of its terms does, 0 for stop words."""
        weights = {term.word: term.idf for term in self.terms}
        return [max((weights.get(term, 0.0) for term in index_terms(word, asked_in)), default=0.0) for word in written]


def pool_of(
    question: Question,
    language: Language,
    vocabulary: Vocabulary,
    abbreviations: Abbreviations,
    size: int,
    store: Store,
) -> Pool:
    """A question as the documents of one language may word it.

    Args:
        question: what is searched for.
        language: of the documents.
        vocabulary: all terms of that language's index.
        abbreviations: short forms that its documents explain.
        size: the number of its units.
        store: tells how often terms occur.
    """
    words = content_words(question)
    names = {term for name in subjects(question.text) for term in index_terms(name, question.language)}
    meant = {word: question_variants(word, question.language, language, vocabulary) for word in words}
    for word in names & meant.keys():  # Niedersachsen is no kind of Sachsen
        meant[word] = {v: worth if worth > _SURE else _LIKE_A_NAME * worth for v, worth in meant[word].items()}
    if language != question.language:
        for word, spelled in _spelled_alike(question, words, language).items():
            if spelled in vocabulary:
                meant[word][spelled] = 1.0 if word in names else _SAME_SPELLING
    for short, long_form in abbreviations:
        if long_form <= meant.keys():  # "Life Science Nord" in the question is also LSN
            for word in long_form:
                meant[word][short] = 1.0
    frequencies = store.frequencies({v for variants in meant.values() for v in variants}, language)
    terms = []
    for word, variants in meant.items():
        frequency = max((frequencies[v] for v, worth in variants.items() if worth > _SURE), default=0)
        long_forms = tuple(long_form for short, long_form in abbreviations if short == word)
        long_forms += tuple(vocabulary.splits(word)) if language == question.language else ()
        idf = math.log(1 + (size - frequency + 0.5) / (frequency + 0.5))
        terms.append(Term(word, variants, long_forms, idf, word in names or word.isdigit()))
    return Pool(language, tuple(terms))


def content_words(question: Question) -> tuple[str, ...]:
    """The question's words without stop words, figures in their one form, each once."""
    stops = {stem(word, question.language) for word in STOP_WORDS[question.language]}
    words = tuple(dict.fromkeys(index_terms(_plain(question), question.language)))
    return tuple(word for word in words if word not in stops) or words


def _plain(question: Question) -> str:
    """The question without what is tied on ("what's"), and with signs that stand for words written out ("R&D")."""
    text = _CLITIC.sub("", question.text)
    for sign, words in _SIGNS[question.language].items():
        text = text.replace(sign, words)
    return text


def _spelled_alike(question: Question, words: Sequence[str], language: Language) -> dict[str, str]:
    """The question's words as the other language would stem them: names, and what both languages write alike."""
    wanted, written = set(words), tokens(_plain(question))
    stems = {stem(word, question.language): stem(word, language) for word in written}
    return {word: other for word, other in stems.items() if word in wanted}


def question_variants(word: str, asked_in: Language, language: Language, vocabulary: Vocabulary) -> dict[str, float]:
    """The index terms of a language that a stemmed word of the question may mean, each with its worth."""
    found = vocabulary.variants(word)
    same_language = asked_in == language
    meanings = (synonyms(language) if same_language else translations(language)).get(word, ())
    for meaning in meanings:
        if meaning in vocabulary:
            found.setdefault(meaning, _SYNONYM if same_language else _TRANSLATED)
    return found


def abbreviations_of(store: Store, language: Language) -> Abbreviations:
    """Short forms with the content words of their long forms, as the index has them."""
    stops = {stem(word, language) for word in STOP_WORDS[language]}
    pairs = (
        (fold(short), frozenset(index_terms(long, language)) - stops) for short, long in store.abbreviations(language)
    )
    return tuple(dict.fromkeys((short, words) for short, words in pairs if words))
