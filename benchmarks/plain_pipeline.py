"""What a tutorial would build of the same parts: the same chunks, vectors, model and web stack, without any checking.

python benchmarks/plain_pipeline.py --port 8000 [--data DIR]    (benchmarks/load.py measures its start)
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.index.schema import LANGUAGES
from assistant.index.store import Store
from assistant.index.versions import STORE, served
from assistant.models import load_embedder
from assistant.settings import load_settings

app = typer.Typer(add_completion=False)


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port to listen on.")],
    data: Annotated[Path | None, typer.Option(help="Folder of the index.", metavar="DIR")] = None,
) -> None:
    """Answer POST /v1/ask with the three nearest chunks, and a chat at /."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio
    import uvicorn
    from fastapi import FastAPI
    from langchain_core.runnables import RunnableLambda
    from langchain_core.vectorstores import InMemoryVectorStore

    settings = load_settings()
    embedder = load_embedder(settings)
    store = Store(served(data or settings.data).folder / STORE)
    vectors = InMemoryVectorStore(embedder)
    for language in LANGUAGES:
        for ids, rows in store.vectors(language):
            units = store.units(ids)
            chunks = store.chunks(list({unit.chunk_id for unit in units}))
            for unit, row in zip(units, rows, strict=True):
                text = chunks[unit.chunk_id].text
                entry = {"id": str(unit.id), "vector": row.tolist(), "text": text, "metadata": {}}
                vectors.store[str(unit.id)] = entry
    chain = vectors.as_retriever(search_kwargs={"k": 3}) | RunnableLambda(
        lambda found: "\n".join(document.page_content for document in found)
    )

    api = FastAPI()

    @api.post("/v1/ask")
    def ask(body: dict[str, Any]) -> dict[str, str]:
        return {"answer": chain.invoke(body["question"])}

    def chat(question: str, _: list[Any]) -> str:
        return chain.invoke(question)

    gradio.mount_gradio_app(api, gradio.ChatInterface(chat), path="/")
    uvicorn.run(api, port=port, log_level="warning")


if __name__ == "__main__":
    app()
