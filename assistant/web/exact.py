"""Values of JSON that are what they look like: "3" is no number and 1 is no yes, whatever Python makes of them."""

from pydantic import BeforeValidator, StrictBool
from pydantic_core import PydanticCustomError


def _number(value: object) -> object:
    if isinstance(value, str | bytes | bool):
        raise PydanticCustomError("number_type", "Input should be a number")
    return value


NUMBER = BeforeValidator(_number)  # last in an annotation, else the limits before it go undescribed
Yes = StrictBool
