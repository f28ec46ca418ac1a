"""What an honest model writes: true sentences over the passages, in other words, notations and languages than theirs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.types import Findings, Language, Passage, Question
from evals.cases import Case
from tests.redteam.notation import renotated

PARAPHRASES = Path(__file__).with_name("paraphrases.txt")
_FEWEST, _MOST = 6, 32  # words of a sentence that is rewritten


@dataclass(frozen=True, slots=True)
class Asked:
    """A case with what the search finds for it."""

    case: Case
    question: Question
    findings: Findings


@dataclass(frozen=True, slots=True)
class Honest:
    """One sentence, the passage it rests on (from 1), and how it came about."""

    kind: str
    asked: Asked
    language: Language
    text: str
    marker: int

    @property
    def passage(self) -> Passage:
        """The passage it rests on."""
        return self.asked.findings.passages[self.marker - 1]

    @property
    def reply(self) -> str:
        """As a model writes it."""
        return f"{self.text.removesuffix('.')} [{self.marker}]."


def honest_sentences(asked: Iterable[Asked]) -> list[Honest]:
    """All honest sentences over the cases: paraphrased by hand, over the other language's passages, and rewritten."""
    by_id = {one.case.id: one for one in asked}
    return [*_paraphrased(by_id), *_rewritten(by_id.values())]


def _paraphrased(by_id: Mapping[str, Asked]) -> Iterator[Honest]:
    for line in PARAPHRASES.read_text(encoding="utf-8").splitlines():
        case_id, text = line.split("|", 1)
        number, language = case_id.split("-")
        for kind, source in (
            ("in other words", case_id),
            ("other language", f"{number}-{'en' if language == 'de' else 'de'}"),
        ):
            one = by_id.get(source)
            marker = _holding(one, text) if one else 0
            if one and marker:
                yield Honest(kind, one, "de" if language == "de" else "en", text, marker)


def _holding(asked: Asked, text: str) -> int:
    """The passage that holds a case's evidence and most of a sentence's digits and words; 0 where none does."""
    best, place = 0, 0
    words = set(re.findall(r"\w{3,}", text.casefold()))
    for number, passage in enumerate(asked.findings.passages, 1):
        flat = _flat(passage.text)
        if any(_flat(evidence) in flat for evidence in asked.case.evidence):
            alike = 1 + len(words & set(re.findall(r"\w{3,}", flat.casefold())))
            if alike > best:
                best, place = alike, number
    return place


def _flat(text: str) -> str:
    return re.sub(r"[\s*_]+", " ", text).strip()


# ---- rewritten by rule ---------------------------------------------------------------------------------------

_SYNONYMS: dict[Language, dict[str, str]] = {
    "de": {
        "rund": "etwa",
        "insgesamt": "zusammen",
        "umfasst": "hat",
        "zum Beispiel": "etwa",
        "wurde gegründet": "entstand",
        "erhält": "bekommt",
        "erhalten": "bekommen",
        "erhielt": "bekam",
        "Akteure (Mitglieder)": "Mitglieder",
        "über": "mehr als",
        "ist ansässig": "sitzt",
    },
    "en": {
        "about": "around",
        "in total": "altogether",
        "receives": "gets",
        "is funded": "is financed",
        "comprises": "includes",
        "for example": "for instance",
        "was founded": "was established",
        "takes place": "is held",
        "more than": "over",
        "has its seat": "is based",
    },
}


def _reworded(text: str, language: Language) -> str:
    for one, other in _SYNONYMS[language].items():
        if one != "über" or re.search(r"über \d", text):
            text = re.sub(rf"\b{re.escape(one)}(?!\w)", other, text)
    return text


def _shortened(text: str, language: Language) -> str:
    """Without what stands in brackets."""
    return re.sub(r"\s*\([^()]*\)", "", text)


def _fronted(text: str, language: Language) -> str:
    """The time at the other end, or an opening of the kind that models like."""
    moved = re.fullmatch(r"(In|On|Until|Since) ((?:\w+ ){0,2}(?:19|20)\d\d),? (.*)\.", text)
    if moved and language == "en":
        return f"{moved[3][0].upper()}{moved[3][1:]} {moved[1].lower()} {moved[2]}."
    if language == "en":
        return f"According to the documents, {text}"
    return f"Den Dokumenten zufolge gilt: {text}"


_REWRITINGS: dict[str, Callable[[str, Language], str]] = {
    "verbatim": lambda text, language: text,
    "notation": renotated,
    "reworded": _reworded,
    "shortened": _shortened,
    "fronted": _fronted,
    "notation, reworded, shortened": lambda text, lang: _reworded(renotated(_shortened(text, lang), lang), lang),
}


def _rewritten(asked: Iterable[Asked]) -> Iterator[Honest]:
    """The sentences that answer best, each in every way that changes it; the same sentence once."""
    seen: set[str] = set()
    for one in asked:
        if one.case.answerable:
            for honest in _sources(one):
                if honest.text not in seen:
                    seen.add(honest.text)
                    yield from _ways(honest)
    yield from ()


def _sources(asked: Asked) -> Iterator[Honest]:
    """The best units of the two best passages, where they are whole sentences."""
    for marker, passage in enumerate(asked.findings.passages[:2], 1):
        best = max(passage.quotables, key=lambda quotable: quotable.score)
        text = " ".join(best.text.replace("*", "").split())
        if best.unit.kind == "sentence" and _FEWEST <= len(text.split()) <= _MOST and text.endswith("."):
            yield Honest("verbatim", asked, passage.language, text, marker)


def _ways(honest: Honest) -> Iterator[Honest]:
    said: set[str] = set()
    for kind, rewrite in _REWRITINGS.items():
        text = rewrite(honest.text, honest.language)
        if text not in said and len(text.split()) > 2:
            said.add(text)
            yield replace(honest, kind=kind, text=text)
