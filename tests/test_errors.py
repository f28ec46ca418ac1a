import inspect

import pytest

from assistant import errors
from assistant.errors import AssistantError

KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if kind is not AssistantError]


def test_the_tree() -> None:
    assert sorted(kind.__name__ for kind in KINDS) == [
        "BusyError",
        "ConfigurationError",
        "DeadlineError",
        "IndexUnavailableError",
        "InvalidInputError",
        "ModelUnavailableError",
        "UnexpectedError",
        "UnreadableFileError",
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_says_what_is_wrong_and_what_to_do(kind: type[AssistantError]) -> None:
    error = kind("It is broken.", "Mend it.")
    assert isinstance(error, AssistantError)
    assert (error.message, error.fix, str(error)) == ("It is broken.", "Mend it.", "It is broken. Mend it.")
