"""A follow-up to a question that stands on its own, from the conversation before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.text.language import detect_language
from assistant.text.words import STOP_WORDS, tokens
from assistant.types import Language, Question, Turn

_LEAD_IN = re.compile(
    r"^\s*(?:und|aber|ok(?:ay)?|gut|and|but|so|also|then|what about|how about|wie (?:ist|sieht) es (?:mit|bei|aus)|was ist mit)\b[\s,:…-]*",
    re.IGNORECASE,
)
_LEANS_BACK = re.compile(
    r"\b(?:davon|dort|dessen|deren|darin|dazu|daran|dafür|damit|diese[rsmn]?|jene[rsmn]?|er|sie|ihn|ihm|ihnen|ihr|ihre[rnms]?|sein|seine[rnms]?|es"
    r"|it|its|they|them|their|theirs|he|him|his|she|her|there|these|those|that|this|one|ones)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_][\w&/.-]*[^\W_]|[^\W_]")
_FEW_WORDS = 3


def rewrite_question(asked: str, history: Sequence[Turn], language: Language | None) -> Question:
    """The question to search for; without history, or when it stands on its own, the question as asked."""
    earlier = [turn.content for turn in history if turn.role == "user"]
    detected = language or detect_language(asked)
    if not earlier:
        return Question(asked, asked, detected)
    return Question(asked, _resolve(asked, _standing_alone(earlier)), detected)


def _standing_alone(earlier: Sequence[str]) -> str:
    """The last user question, itself resolved from those before it."""
    question = earlier[0]
    for following in earlier[1:]:
        question = _resolve(following, question)
    return question


def _resolve(asked: str, previous: str) -> str:
    rest = _LEAD_IN.sub("", asked).strip()
    continues = rest != asked.strip()
    names = [word for word in _subjects(rest) if word not in _subjects(previous)]
    predicate = [word for word in _content(rest) if word not in {name.casefold() for name in _subjects(rest)}]
    if continues and names and not predicate:
        # "Und BioRN?": the same question about somebody else
        return _replace_subjects(previous, names)
    if continues and not names and len(_content(rest)) <= _FEW_WORDS or _LEANS_BACK.search(rest):
        missing = [word for word in _subjects(previous) if word not in rest]
        return f"{rest[:1].upper()}{rest[1:]} ({' '.join(missing)})" if missing else asked
    return asked


def _replace_subjects(previous: str, names: Sequence[str]) -> str:
    """The previous question with its last run of capitalised words replaced."""
    old = _subjects(previous)
    last = [word for word in old if word[1:] != word[1:].lower()] or old[-1:]
    kept = previous
    for word in last[1:]:
        kept = re.sub(rf"\s*\b{re.escape(word)}\b", "", kept)
    return kept.replace(last[0], " ".join(names)) if last else f"{previous} {' '.join(names)}"


def _subjects(text: str) -> list[str]:
    """Capitalised words and years, without the first word of a question."""
    words = _WORD.findall(text)
    stops = STOP_WORDS["de"] | STOP_WORDS["en"]
    return [word for word in words if (word[0].isupper() or word.isdigit()) and word.casefold() not in stops]


def _content(text: str) -> list[str]:
    stops = STOP_WORDS["de"] | STOP_WORDS["en"]
    return [word for word in tokens(text) if word not in stops]
