import string

import pytest

from assistant.catalogue import catalogue, text


def placeholders(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}


def test_both_languages_have_the_same_texts() -> None:
    assert catalogue("de").keys() == catalogue("en").keys()


@pytest.mark.parametrize("key", sorted(catalogue("de")))
def test_both_languages_have_the_same_gaps(key: str) -> None:
    assert placeholders(catalogue("de")[key]) == placeholders(catalogue("en")[key])


def test_a_text_is_filled_in() -> None:
    assert text("de", "as_of", date="Juni 2026") == "Stand: Juni 2026"
    assert text("en", "as_of", date="June 2026") == "As of June 2026"


def test_values_are_not_templates() -> None:
    assert text("en", "as_of", date="{date}") == "As of {date}"


@pytest.mark.parametrize(("key", "values"), [("unheard_of", {}), ("as_of", {}), ("as_of", {"day": "1"})])
def test_what_is_missing_is_an_error(key: str, values: dict[str, str]) -> None:
    with pytest.raises(KeyError):
        text("de", key, **values)
