"""A follow-up to a question that stands on its own, from the conversation before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.text.language import detect_language
from assistant.text.names import subjects
from assistant.types import Language, Question, Turn

_LEAD_IN = re.compile(
    r"(?:(?:und|aber|ok(?:ay)?|gut|dann|nun|and|but|so|also|then)\b[\s,:…-]*)?"
    r"(?:(?:(?:what|how) about|wie (?:ist|sieht) es(?: aus)?|was ist)\b\s*)?",
    re.IGNORECASE,
)
_LEANS_BACK = re.compile(
    r"\b(?:davon|dort|dessen|deren|darin|dazu|daran|dafür|damit|dahinter|darunter|daraus|dabei|diese[rsmn]?|jene[rsmn]?|er|sie|ihn"
    r"|ihm|ihnen|ihr|ihre[rnms]?|sein|seine[rnms]?|es|it|its|they|them|their|he|him|his|she|her|there|these|those|ones?)\b"
    r"|\b(?:das|that|this)\b(?=\s+[a-zäöü]|\s*\?)",
    re.IGNORECASE,
)
# "es" and "there" that stand for nothing; in a question that names its own subject they lean on nobody.
_DUMMY = re.compile(
    r"\b(?:(?:gibt|gab) es|es (?:gibt|gab)|(?:is|are|was|were) there|there (?:is|are|was|were))\b", re.IGNORECASE
)
_ASKS = re.compile(
    r"\b(?:w(?:er|em|en|essen|as|ann|o|oher|ohin|ie|ieviele?|arum|ieso|elche[rnsm]?|ozu|omit|oran)|who|whom|whose|what|when|where|which|why|how)\b",
    re.IGNORECASE,
)
_SMALL = frozenset(
    """bei beim mit in im an am auf aus von vom für zu zum zur nach seit with at for on of from to about since
    der die das den dem des ein eine einer einem einen the a""".split()
)
_WORD = re.compile(r"[^\W_][\w&/.^-]*[^\W_]|[^\W_]")
_LONGEST = 2_000  # characters of a question that is searched for


def rewrite_question(asked: str, history: Sequence[Turn], language: Language | None) -> Question:
    """The question to search for; without history, or when it names its own subject, the question as asked."""
    questions = [turn.content for turn in history if turn.role == "user"] + [asked]
    standing = questions[0]
    for following in questions[1:]:
        standing = _resolve(following, standing)
    return Question(asked, standing, language or detect_language(asked))


def _resolve(asked: str, previous: str) -> str:
    """`asked` with what it leaves to the question before."""
    lead_in = _LEAD_IN.match(asked.strip())
    rest = asked.strip()[lead_in.end() if lead_in else 0 :]
    continues = rest != asked.strip()
    names, before = subjects(rest, from_start=continues), subjects(previous)
    words = _WORD.findall(rest)
    leans_back = _LEANS_BACK.search(_DUMMY.sub(" ", rest) if names else rest)
    if not previous.strip() or len(previous) + len(asked) > _LONGEST:
        return asked
    if not words:
        return previous  # "Und?", "ok"
    if continues and not _ASKS.search(rest):
        if names and before and all(word in names or word.casefold() in _SMALL for word in words):
            return _replaced(previous, rest, before, names)  # "Und BioRN?": the same question about somebody else
        if not leans_back:
            return f"{previous} {rest}"  # "Und in der zweiten Phase?": the same question, narrowed
    if before and (leans_back or (continues and not names)):
        missing = [name for name in before if name not in words]
        return f"{rest[:1].upper()}{rest[1:]} ({' '.join(missing)})" if missing else asked
    return asked


def _replaced(previous: str, rest: str, before: Sequence[str], new: Sequence[str]) -> str:
    """The previous question with one name replaced: the one after the same preposition, else the last."""
    groups = re.findall("(?:" + "|".join(re.escape(name) for name in before) + r"|\s)+", previous)
    groups = [group.strip() for group in groups if group.strip()]
    preposition = rest.split()[0]
    same_place = [group for group in groups if f"{preposition} {group}" in previous]
    old = (same_place or groups)[-1]
    return f"{' '.join(new)}".join(previous.rsplit(old, 1))
