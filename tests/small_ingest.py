"""`lotse-ingest PATH ... --data DIR --json` with the embeddings of the tests, for the import that the browser starts."""

from __future__ import annotations

import sys
from pathlib import Path

from ingest.build import ingest
from ingest.progress import report_line, shown_progress
from tests.helpers import HashingEmbeddings

if __name__ == "__main__":
    *paths, _, data, _ = sys.argv[1:]
    with shown_progress(as_json=True) as tell:
        report = ingest([Path(path) for path in paths], Path(data), HashingEmbeddings(), tell=tell)
    print(report_line(report))
