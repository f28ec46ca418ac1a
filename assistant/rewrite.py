"""A follow-up to a question that stands on its own, from the conversation before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.text.anaphora import Earlier, attached, definite_nouns, exists, pointer, resolved
from assistant.text.ellipsis import completed, fragment_of
from assistant.text.kinds import question_kind
from assistant.text.language import detect_language
from assistant.text.names import named_bodies
from assistant.text.topics import (
    PLACE_WORDS,
    Topic,
    counted_thing,
    existing_thing,
    is_common,
    loose_names,
    main_topic,
    topics,
)
from assistant.text.words import stem, tokens
from assistant.types import Language, Question, Turn

_LEAD_IN = re.compile(
    r"(?:(?:danke|thanks|thank you|ok(?:ay)?|gut|super|great|alles klar)\b[\s,.!:…-]*)?"
    r"(?:(?:und|aber|dann|nun|and|but|so|also|then)\b[\s,:…-]*)*"
    r"(?:(?:(?:what|how) about|wie (?:ist|sieht|steht) es(?: (?:mit|bei|um|in))?|was ist mit|(?:the )?same for|gilt das auch"
    r"|wie ?viele (?:sind|waren) es|how many (?:are|were) (?:there|they)"
    r"|(?:das ?(?:gleiche|selbe)|dasselbe))\b\s*)?",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"(?:danke|thanks|thank you|ok(?:ay)?|gut|super|hallo|hello|hi|great|ja|nein|yes|no)\b[^?]*", re.IGNORECASE
)
_DOUBT = re.compile(
    r"(?:stimmt das|ist das (?:richtig|wahr|sicher)|(?:wirklich|sicher|really|sure)|is (?:that|this|it) (?:true|right|correct))\W*",
    re.IGNORECASE,
)
_BARE_COUNT = re.compile(
    r"(wie ?viele|how many)(?= (?:do|does|did|has|have|had|are|were|hat|hatte|haben|hatten)\b)", re.IGNORECASE
)
_LISTING = re.compile(r"(?:(?:wer|was) (?:sind|waren)|(?:who|what) (?:are|were)|welche|which)\b", re.IGNORECASE)
_WHO = re.compile(r"who (?P<be>is|are|was|were)? ?(?P<what>.*?)\W*", re.IGNORECASE)
_MARKER = re.compile(r"\[\d+\]")
_MARK_UP = re.compile(r"\[\d+\]|[*_`#>]")
_PERSON = re.compile(
    r"(?:(?:Prof|Dr)\.\s+)*(?P<name>[A-ZÄÖÜ][a-zäöüéß]+(?:-[A-ZÄÖÜ][a-zäöüéß]+)? (?:(?:von|van|de|zu) )?[A-ZÄÖÜ][a-zäöüéß-]+)"
)
_LONGEST = 2_000  # characters of a question that is searched for, and of an answer that is looked at


@dataclass(frozen=True, slots=True)
class _Said:
    """A question that stands on its own and what was answered."""

    question: str
    answer: str = ""


def rewrite_question(asked: str, history: Sequence[Turn], language: Language | None) -> Question:
    """The question to search for; without history, or when it names its own subject, the question as asked."""
    said: list[_Said] = []
    for turn in history:
        if turn.role == "assistant":
            if said:
                said[-1] = _Said(said[-1].question, turn.content)
        elif turn.content.strip() and not _REMARK.fullmatch(turn.content.strip()):
            said.append(_Said(_standing(turn.content, said)))
    text = _standing(asked, said)
    return Question(asked, text, language or detect_language(asked if text == asked else f"{asked} {text}"))


def _standing(asked: str, said: Sequence[_Said]) -> str:
    """`asked` with what it leaves to the questions before."""
    if not said or len(asked) + len(said[-1].question) > _LONGEST:
        return asked
    lead_in = _LEAD_IN.match(asked.strip())
    rest = asked.strip()[lead_in.end() if lead_in else 0 :]
    continues = rest != asked.strip()
    if _DOUBT.fullmatch(rest):
        return said[-1].question
    fragment = fragment_of(rest, continues=continues)
    if fragment is not None:
        previous = said[-1].question
        return completed(fragment, previous, detect_language(previous))
    language = detect_language(rest)
    match = pointer(rest, language, continues=continues)
    leans = (
        match
        or exists(rest, language)
        or (not _names_itself(rest, language) and (continues or _takes_up(rest, said[-1], language)))
    )
    earlier = _earlier(said) if leans else None
    if earlier is None:
        return asked
    whole = resolved(rest, match, earlier, language) if match else attached(rest, earlier, language)
    if earlier.thing:
        whole = _BARE_COUNT.sub(lambda count: f"{count[0]} {earlier.thing}", whole, count=1)
    return whole[:1].upper() + whole[1:]


def _names_itself(rest: str, language: Language) -> bool:
    """Whether a question has a subject of its own, be it typed without capitals."""
    if topics(rest, language):
        return True
    return bool(loose_names(rest, language))


def _takes_up(rest: str, last: _Said, language: Language) -> bool:
    """ "Who designed the courses?" after an answer about courses: a thing taken for known, because the answer before named it."""
    known = {stem(word, language) for word in tokens(last.answer[:_LONGEST])}
    return any(stem(noun.casefold(), language) in known for noun in definite_nouns(rest, language))


def _earlier(said: Sequence[_Said]) -> Earlier | None:
    """What the conversation is about: the subject of the last question that has one, or that its answer names."""
    for position in range(len(said) - 1, -1, -1):
        one = said[position]
        language = detect_language(one.question)
        subject = main_topic(one.question, language) or _answered(one)
        if subject:
            places = [topic for topic in topics(one.question, language) if topic.preposition in PLACE_WORDS]
            return Earlier(
                subject,
                _thing(said[: position + 1], subject.name),
                _person(said[-1]) if position == len(said) - 1 and question_kind(one.question) == "person" else "",
                places[-1] if places else None,
                bool(_LISTING.match(said[-1].question)),
                existing_thing(one.question, language),
            )
    return None


def _thing(said: Sequence[_Said], subject: str) -> str:
    """What was last counted or listed about a subject."""
    for one in reversed(said):
        thing = counted_thing(one.question, detect_language(one.question)) if subject in one.question else ""
        if thing:
            return thing
    return ""


def _answered(said: _Said) -> Topic | None:
    """The first name in what was answered."""
    claim = _first_claim(said.answer)
    names = [name for name in named_bodies(claim) if not all(is_common(word) for word in name.split())]
    return Topic(names[0], names[0], 0, 0, "") if names else None


def _person(said: _Said) -> str:
    """Who was answered, or who was asked for: "the one who leads BioRN"."""
    match = _PERSON.search(_first_claim(said.answer))
    if match:
        return match["name"]
    asked = _WHO.fullmatch(said.question)
    if not asked or not asked["what"]:
        return ""
    return asked["what"] if asked["be"] else f"the one who {asked['what']}"


def _first_claim(answer: str) -> str:
    """The first thing an answer states; nothing where it states none."""
    claim = next((line for line in answer.splitlines() if _MARKER.search(line)), "")
    return _MARK_UP.sub("", claim[:_LONGEST]).strip(" -")
