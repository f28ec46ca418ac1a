"""`python -m tests.small_lotse …` is the command lotse with the embedder of the tests, which loads no model."""

from __future__ import annotations

import assistant.__main__
import assistant.pipeline
from tests.helpers import HashingEmbeddings

if __name__ == "__main__":
    assistant.pipeline.load_embedder = lambda settings, **_: HashingEmbeddings()
    assistant.__main__.main()
