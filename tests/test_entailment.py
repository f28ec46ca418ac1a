"""The optional check by a cross-encoder: a tiny real one, with weights that make its verdict known."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from sentence_transformers import CrossEncoder
from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

from assistant.errors import ConfigurationError
from assistant.gate import Gate
from assistant.models import load_entailment
from assistant.settings import Settings
from assistant.text.markers import marked_sentences
from tests.scripted import passage

PORT = passage("port", "The port has 17 cranes. Ada Brandt leads the port.")


def tiny(folder: Path, labels: list[str], bias: list[float]) -> Path:
    """A cross-encoder that gives every pair the same scores."""
    folder.mkdir()
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text(
        "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "port", "has"]), encoding="utf-8"
    )
    config = BertConfig(
        vocab_size=8, hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8,
        num_labels=len(labels), id2label=dict(enumerate(labels)), label2id={label: n for n, label in enumerate(labels)},
    )  # fmt: skip
    model = BertForSequenceClassification(config)
    with torch.no_grad():
        model.classifier.weight.zero_()
        model.classifier.bias.copy_(torch.tensor(bias))
    model.save_pretrained(folder)
    BertTokenizerFast(vocab=str(vocabulary)).save_pretrained(folder)
    CrossEncoder(str(folder), device="cpu")  # it is one
    return folder


@pytest.mark.parametrize(
    ("labels", "bias", "kept"),
    [
        (["contradiction", "entailment", "neutral"], [0.0, 3.0, 1.0], True),
        (["contradiction", "entailment", "neutral"], [3.0, 0.0, 1.0], False),
        (["ENTAILMENT", "NEUTRAL"], [1.0, 0.0], True),
        (["score"], [2.0], True),
        (["score"], [-2.0], False),
    ],
)
def test_a_cross_encoder_may_remove_what_passed_all_else(
    tmp_path: Path, labels: list[str], bias: list[float], kept: bool
) -> None:
    entails = load_entailment(Settings(entailment_model=str(tiny(tmp_path / "tiny", labels, bias))))
    (sentence,) = marked_sentences("The port has 17 cranes [1].")
    assert Gate([PORT], "en").judge(sentence) is not None
    assert (Gate([PORT], "en", entails=entails).judge(sentence) is not None) is kept


def test_none_is_asked_without_the_setting() -> None:
    assert load_entailment(Settings()) is None


def test_a_model_without_a_label_for_entailment_is_refused(tmp_path: Path) -> None:
    folder = tiny(tmp_path / "tiny", ["good", "bad"], [0.0, 0.0])
    with pytest.raises(ConfigurationError, match="good, bad"):
        load_entailment(Settings(entailment_model=str(folder)))


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigurationError, match="LOTSE_ENTAILMENT_MODEL"):
        load_entailment(Settings(entailment_model=str(tmp_path / "empty")))
