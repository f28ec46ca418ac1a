"""What a plain LangChain pipeline reaches on the same documents and cases, beside what this project reaches, in one run.

python benchmarks/plain_langchain.py [--sample N] [--data DIR] [--vectors DIR]

Plain is what a tutorial builds: RecursiveCharacterTextSplitter, one vector store for both languages, the pieces nearest to the
question, no word search, no refusal. It has the same embedding model, and the gate makes its citations. Without a chat model it
answers with its best piece. Its retrieval figures are those of its own pieces: what holds evidence is counted among them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from langchain_core.documents import Document as Piece
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import InMemoryVectorStore
from langchain_text_splitters import RecursiveCharacterTextSplitter
from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from assistant.console import run_command
from assistant.pipeline import Assistant, build_service
from assistant.settings import load_settings
from assistant.text.language import detect_language
from assistant.types import Claim, Document, Draft, Findings, Language, Passage, Question, Quote, Span, Turn
from assistant.verify import verify_draft
from evals.evidence import Place
from evals.run import Corpus, run_cases
from evals.suite import own_cases, sample
from evals.summary import Summary, summarise

app = typer.Typer(add_completion=False)

SIZE, OVERLAP = 900, 100  # characters of a piece
FOUND = 10  # pieces
SHOWN = ("accuracy_de", "accuracy_en", "crag_score", "refusal_recall", "false_refusal_rate", "citation_precision",
         "citation_recall", "success_5", "recall_10", "mrr", "ndcg_10")  # fmt: skip


def split(documents: Mapping[str, Document]) -> list[Piece]:
    """All documents in pieces that know where they start."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=SIZE, chunk_overlap=OVERLAP, add_start_index=True)
    return splitter.create_documents([d.text for d in documents.values()], [{"id": d.id} for d in documents.values()])


def stored(pieces: Sequence[Piece], embeddings: Embeddings, vectors: Path | None) -> InMemoryVectorStore:
    """The pieces with their vectors; read from a file where one was written before."""
    if vectors and vectors.is_file():
        return InMemoryVectorStore.load(str(vectors), embeddings)
    store = InMemoryVectorStore(embeddings)
    store.add_documents(list(pieces), ids=[_name(piece) for piece in pieces])
    if vectors:
        vectors.parent.mkdir(parents=True, exist_ok=True)
        store.dump(str(vectors))
    return store


def plain_assistant(store: InMemoryVectorStore, documents: Mapping[str, Document]) -> Assistant:
    """Question as asked, nearest pieces, the best one as the answer."""

    def rewrite(asked: str, history: Sequence[Turn], language: Language | None) -> Question:
        return Question(asked, asked, language or detect_language(asked))

    def retrieve(question: Question) -> Findings:
        found = store.similarity_search_with_score(question.text, k=FOUND)
        return Findings(tuple(_passage(piece, score, documents) for piece, score in found), 1.0, "plain")

    def draft(question: Question, findings: Findings) -> Draft:
        best = findings.passages[0]
        return Draft("answered", "", (Claim(best.text, (Quote(best, best.span),), verbatim=True),), "plain")

    return Assistant(rewrite, retrieve, draft, verify_draft)


def _passage(piece: Piece, score: float, documents: Mapping[str, Document]) -> Passage:
    document, span = documents[piece.metadata["id"]], _span(piece)
    return Passage(
        _name(piece), document.id, document.name, document.title, document.publisher, document.date, document.language,
        (), None, span, piece.page_content, score, (), (),
    )  # fmt: skip


def _span(piece: Piece) -> Span:
    start = piece.metadata["start_index"]
    return Span(start, start + len(piece.page_content))


def _name(piece: Piece) -> str:
    return f"{piece.metadata['id']}-{piece.metadata['start_index']}"


@app.command()
def plain_langchain(
    facts: Annotated[int | None, typer.Option("--sample", help="Only so many facts.", min=1)] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the index.", metavar="DIR")] = None,
    vectors: Annotated[Path | None, typer.Option(help="Keep the plain pipeline's vectors here.", metavar="DIR")] = None,
) -> None:
    """Print the table."""
    settings = load_settings()
    service = build_service(settings.model_copy(update={"data": data}) if data else settings)
    version = service.index.current()
    corpus = Corpus.of(version.store)
    cases = sample(own_cases({document.name for document in corpus.documents.values()}), facts).cases
    pieces = split(corpus.documents)
    store = stored(pieces, service.index.embedder, vectors / f"plain-{version.version}.json" if vectors else None)
    places: dict[str, list[tuple[str, Place]]] = {}
    for piece in pieces:
        span = _span(piece)
        places.setdefault(piece.metadata["id"], []).append(
            (_name(piece), Place(piece.metadata["id"], span.start, span.end))
        )
    plain = plain_assistant(store, corpus.documents)
    ours = summarise(list(run_cases(cases, service.assistant, corpus)))
    theirs = summarise(list(run_cases(cases, plain, Corpus(corpus.documents, places))))
    Console().print(_table(ours, theirs), f"{len(cases)} cases, {len(pieces)} plain pieces")


def _table(ours: Summary, theirs: Summary) -> Table:
    table = Table("figure", "Clusterlotse", "plain LangChain", box=MARKDOWN)
    for name in SHOWN:
        table.add_row(
            name, *("-" if v is None else f"{v:.3f}" for v in (ours.figures().get(name), theirs.figures().get(name)))
        )
    return table


if __name__ == "__main__":
    run_command(app)
