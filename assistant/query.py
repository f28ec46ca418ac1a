"""A question in the words of an index: its content words, and what each of them may be called in the documents."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.index.store import Store
from assistant.index.subjects import Subjects
from assistant.index.vocabulary import Vocabulary
from assistant.text.glossary import place_names, synonyms, translations
from assistant.text.topics import YEAR, asked_names
from assistant.text.words import STOP_WORDS, fold, index_terms, stem, tokens
from assistant.types import Language, Question

_TRANSLATED = 0.8
_SYNONYM = 0.5
_SAME_SPELLING = 0.9  # a word of the one language that the other one writes alike
_LIKE_A_NAME = 0.5  # times the worth: names are rarely compounds of one another
_AS_GOOD = 0.7  # likeness from which on a word stands for another one
_SURE = 0.7  # variants worth less do not tell how common the word itself is
_CLITIC = re.compile(r"(?<=\w)['’](?:s|t|re|ve|ll|d|m)\b")
_SIGNS = {"de": {"F&E": "Forschung Entwicklung", "FuE": "Forschung Entwicklung"}, "en": {"R&D": "research development"}}


class Abbreviations:
    """Short forms, each with the content words of its long form, found by either."""

    def __init__(self, pairs: Iterable[tuple[str, frozenset[str]]]) -> None:
        self._long: dict[str, list[frozenset[str]]] = {}
        self._short: dict[str, list[tuple[int, str, frozenset[str]]]] = {}  # by one of the words
        for place, (short, words) in enumerate(dict.fromkeys(pairs)):
            self._long.setdefault(short, []).append(words)
            self._short.setdefault(min(words), []).append((place, short, words))

    def long_forms(self, short: str) -> tuple[frozenset[str], ...]:
        """What a short form stands for."""
        return tuple(self._long.get(short, ()))

    def within(self, words: Collection[str]) -> list[tuple[str, frozenset[str]]]:
        """The short forms whose long form is among these words."""
        found = sorted(one for word in words for one in self._short.get(word, ()) if all(w in words for w in one[2]))
        return [(short, long_form) for _, short, long_form in found]


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
class WrittenWord:
    """A word of the question: its term, what it weighs, 0 for a stop word, and whether it names."""

    term: str
    weight: float
    is_name: bool


@dataclass(frozen=True, slots=True)
class Pool:
    """One language's side of a search."""

    language: Language
    terms: tuple[Term, ...]
    weight: float = field(init=False)  # what covering the whole question is worth
    _worths: Mapping[str, Sequence[tuple[Term, float]]] = field(init=False)  # term of the index → words it stands for
    _words: Mapping[bool, Sequence[str]] = field(init=False)  # names, and other words
    _wanted: Mapping[bool, float] = field(init=False)  # what they make up of the whole question
    _spelled_out: Sequence[Term] = field(init=False)  # words that several terms together may stand for

    def __post_init__(self) -> None:
        worths: dict[str, list[tuple[Term, float]]] = {}
        for term in self.terms:
            for variant, worth in term.variants.items():
                worths.setdefault(variant, []).append((term, worth))
        object.__setattr__(self, "weight", sum(term.idf for term in self.terms) or 1.0)
        object.__setattr__(self, "_worths", worths)
        parts = {names: [term for term in self.terms if term.is_name == names] for names in (True, False)}
        object.__setattr__(self, "_words", {names: [t.word for t in part] for names, part in parts.items()})
        wanted = {names: sum(term.idf for term in part) / self.weight for names, part in parts.items()}
        object.__setattr__(self, "_wanted", wanted)
        object.__setattr__(self, "_spelled_out", [term for term in self.terms if term.long_forms])

    def coverage(self, words: frozenset[str]) -> dict[str, float]:
        """The question's words that are among `words`, with their share of the whole question, 0..1."""
        found: dict[str, float] = {}
        for word in words & self._worths.keys():
            for term, worth in self._worths[word]:
                found[term.word] = max(worth * term.idf / self.weight, found.get(term.word, 0.0))
        for term in self._spelled_out:
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
        return sum(matched.get(word, 0.0) for word in self._words[names])

    def share(self, matched: Mapping[str, float], *, names: bool) -> float:
        """How much of the question's names, or of its other words, is matched, 0..1; 1 where it has none."""
        wanted = self._wanted[names]
        return self.weight_of(matched, names=names) / wanted if wanted else 1.0

    def share_of_years(self, matched: Mapping[str, float]) -> float:
        """How many of the years in the question are matched, 0..1; 0 where it has none."""
        years = [term.word for term in self.terms if YEAR.fullmatch(term.word)]
        return sum(year in matched for year in years) / len(years) if years else 0.0

    def lack(self, written: Sequence[WrittenWord], similar: Sequence[float], matched: Mapping[str, float]) -> float:
        """How much of what is asked, names aside, a unit has neither the word for nor anything like it, 0..1.

        Args:
            written: the words of the question.
            similar: how like each of them the most like one of the unit is.
            matched: the words that the unit has, with their share of the whole question.
        """
        missing = wanted = 0.0
        for word, alike in zip(written, similar, strict=True):
            if word.weight and not word.is_name:
                wanted += word.weight
                held = matched.get(word.term, 0.0) * self.weight / word.weight
                missing += word.weight * max(0.0, 1.0 - held) * max(0.0, 1.0 - alike / _AS_GOOD)
        return missing / (wanted or 1.0)

    def written_words(self, written: Sequence[str], asked_in: Language) -> tuple[WrittenWord, ...]:
        """Each word of the question, as it was written, by the weightiest of its terms."""
        known = {term.word: term for term in self.terms}
        terms = [
            max((known[t] for t in index_terms(word, asked_in) if t in known), key=lambda term: term.idf, default=None)
            for word in written
        ]
        return tuple(WrittenWord(t.word, t.idf, t.is_name) if t else WrittenWord("", 0.0, False) for t in terms)


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
    question = _in_words_of(language, question)
    words = content_words(question)
    names = {
        term for name in asked_names(question.text, question.language) for term in index_terms(name, question.language)
    }
    meant = {word: question_variants(word, question.language, language, vocabulary) for word in words}
    for word in names & meant.keys():  # Niedersachsen is no kind of Sachsen
        meant[word] = {v: worth if worth > _SURE else _LIKE_A_NAME * worth for v, worth in meant[word].items()}
    if language != question.language:
        for word, spelled in _spelled_alike(question, words, language).items():
            if spelled in vocabulary:
                meant[word][spelled] = 1.0 if word in names else _SAME_SPELLING
    for short, long_form in abbreviations.within(meant):  # "Life Science Nord" in the question is also LSN
        for word in long_form:
            meant[word][short] = 1.0
    frequencies = store.frequencies({v for variants in meant.values() for v in variants}, language)
    terms = []
    for word, variants in meant.items():
        frequency = max((frequencies[v] for v, worth in variants.items() if worth > _SURE), default=0)
        long_forms = abbreviations.long_forms(word)
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


def _in_words_of(language: Language, question: Question) -> Question:
    """The question with places of several words as the other language names them: Lower Saxony is Niedersachsen."""
    text = question.text
    if language != question.language:
        for name, other in place_names(question.language):
            text = name.sub(other, text)
    return replace(question, text=text)


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
    return Abbreviations((short, words) for short, words in pairs if words)
