"""GET /v1/models: the one model that OpenAI's clients can choose."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel

from assistant.web.problems import RequestError

MODEL = "clusterlotse"

router = APIRouter(prefix="/v1", tags=["OpenAI-compatible"])


class Model(BaseModel):
    """A model."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str


class ModelList(BaseModel):
    """All models."""

    object: Literal["list"] = "list"
    data: list[Model]


_OURS = Model(id=MODEL, created=0, owned_by=MODEL)  # it is no file that was made one day


def check_model(name: str) -> None:
    """Refuse a model that is not there.

    Raises:
        RequestError: it names the one that is.
    """
    if name != MODEL:
        raise RequestError(
            404, f"There is no model {name[:64]!r}.", f"Ask for {MODEL!r}.", param="model", code="model_not_found"
        )


@router.get("/models")
def models() -> ModelList:
    """List the models: there is one, whichever engine answers behind it."""
    return ModelList(data=[_OURS])


@router.get("/models/{model}")
def model(model: Annotated[str, Path(examples=[MODEL])]) -> Model:
    """Describe one model."""
    check_model(model)
    return _OURS
