"""SQuAD's JSON, which XQuAD, MLQA, GermanQuAD and others share: paragraphs with questions and the spans that answer them.

Rajpurkar et al., SQuAD, EMNLP 2016; Artetxe et al., XQuAD, ACL 2020.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import InvalidInputError
from assistant.text.language import detect_language
from assistant.types import Language
from evals.cases import ABSTAIN, Case
from evals.outside.dataset import Dataset
from evals.outside.guess import category_of

_AROUND = 40  # characters on either side of an answer that make its evidence unlike any other place


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Span(_Part):
    text: str
    answer_start: int


class _Question(_Part):
    id: str
    question: str
    answers: tuple[_Span, ...] = ()
    is_impossible: bool = False


class _Paragraph(_Part):
    context: str
    qas: tuple[_Question, ...]


class _Article(_Part):
    title: str = ""
    paragraphs: tuple[_Paragraph, ...]


class _Squad(_Part):
    data: tuple[_Article, ...]


def read_squad(path: Path) -> Dataset:
    """All paragraphs as documents, one each, and all questions as cases.

    Raises:
        InvalidInputError: the file is something else.
    """
    try:
        squad = _Squad.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError):
        raise InvalidInputError(
            f"{path} is not in SQuAD's form.", "Name a JSON file with data, paragraphs, qas."
        ) from None
    documents: dict[str, tuple[str, str]] = {}
    cases: list[Case] = []
    for a, article in enumerate(squad.data, 1):
        for p, paragraph in enumerate(article.paragraphs, 1):
            name = f"{a:04}-{p:03}.md"
            documents[name] = (article.title.replace("_", " ") or name, paragraph.context)
            cases += _cases(name, paragraph)
    return Dataset(documents, tuple({case.id: case for case in cases}.values()))


def _cases(name: str, paragraph: _Paragraph) -> Iterator[Case]:
    language: Language = detect_language(paragraph.context)
    for asked in paragraph.qas:
        ways = list(dict.fromkeys(span.text.strip() for span in asked.answers if span.text.strip()))
        if not asked.question.strip() or not (ways or asked.is_impossible):
            continue
        groups = [ways] if ways and not asked.is_impossible else [[ABSTAIN]]
        yield Case.model_validate(
            {
                "id": asked.id,
                "lang": language,
                "category": category_of(groups),
                "question": asked.question.strip(),
                "history": [],
                "must_include": groups,
                "must_not_include": [],
                "sources": [] if asked.is_impossible else [name],
                "evidence": [] if asked.is_impossible else [_evidence(paragraph.context, asked.answers[0])],
                "note": "",
            }
        )


def _evidence(context: str, span: _Span) -> str:
    """The answer with the words around it."""
    start, end = max(0, span.answer_start - _AROUND), span.answer_start + len(span.text) + _AROUND
    words = context[start:end]
    if start and not context[start - 1].isspace():
        words = words.partition(" ")[2]
    if end < len(context) and not context[end].isspace():
        words = words.rpartition(" ")[0]
    return words.strip() or span.text
