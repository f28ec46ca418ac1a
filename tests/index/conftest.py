from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.index.writer import StoreWriter


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreWriter]:
    """An empty, writable store."""
    opened = StoreWriter(tmp_path / "index.sqlite")
    yield opened
    opened.close()
