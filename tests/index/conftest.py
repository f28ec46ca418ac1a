from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.index.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty, writable store."""
    opened = Store(tmp_path / "index.sqlite", writable=True)
    yield opened
    opened.close()
