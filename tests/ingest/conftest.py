from pathlib import Path

import pytest

from tests.ingest.parts import DOCUMENTS, Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Three documents, not yet indexed."""
    return Place(tmp_path, DOCUMENTS)
