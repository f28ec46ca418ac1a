"""Values of JSON that are what they look like: "3" is no number and 1 is no yes, whatever Python makes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import is_dataclass
from typing import Any

from pydantic import BeforeValidator, StrictBool, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticCustomError


def _number(value: object) -> object:
    if isinstance(value, str | bytes | bool):
        raise PydanticCustomError("number_type", "Input should be a number")
    return value


def _looks_like(value: Any, made_of: ValidatorFunctionWrapHandler) -> Any:
    made = made_of(value)
    if not _alike(value, made):
        raise PydanticCustomError("exact_type", "Numbers should be numbers, and yes or no true or false")
    return made


def _alike(value: Any, made: Any) -> bool:
    """Whether a value was taken as it is; text and what has no counterpart cannot have been anything else."""
    if is_dataclass(made):
        return not isinstance(value, Mapping) or all(_alike(v, getattr(made, name, v)) for name, v in value.items())
    if isinstance(made, Mapping):
        return all(_alike(v, made.get(name, v)) for name, v in value.items())
    if isinstance(made, Sequence) and not isinstance(made, str):
        return all(map(_alike, value, made))
    if isinstance(made, bool | int | float):
        return isinstance(value, bool) if isinstance(made, bool) else not isinstance(value, str | bool)
    return True


LOOKS_LIKE = WrapValidator(_looks_like)  # the same for a whole object
NUMBER = BeforeValidator(_number)  # last in an annotation, else the limits before it go undescribed
Yes = StrictBool
