"""An import on a disk that is too small, ever less so: `python -m tests.ingest.small_disk HOW DOCUMENTS DATA` prints what was said.

HOW is `disk` (a file system in memory, for which the process needs a mount namespace of its own) or `file` (a limit
for the size of one file).
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from assistant.errors import AssistantError
from ingest.build import ingest
from tests.helpers import HashingEmbeddings

SIZES = [4, 64, 500, 1_300, 1_600, 1_800, 2_000, 2_200, 2_400]  # kB


def main() -> None:
    """Import at each size; what was said goes to standard output, a line each."""
    how, docs, data = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if how == "disk":
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", data], check=True)
    for size in SIZES:
        limit(how, data, size)
        try:
            report = ingest([docs], data, HashingEmbeddings())
        except AssistantError as error:
            print(type(error).__name__, error, flush=True)
        else:
            print("done", report.version, flush=True)
    limit(how, data, None)
    report = ingest([docs], data, HashingEmbeddings())
    print("done", report.version, report.documents, report.passages, sorted(p.name for p in data.iterdir()))


def limit(how: str, data: Path, size: int | None) -> None:
    """Give the disk, or every file, this many kB; None: as much as needed."""
    if how == "disk":
        subprocess.run(["mount", "-o", f"remount,size={size or 100_000}k", data], check=True)
    else:
        most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (size * 1_000 if size else most, most))


if __name__ == "__main__":
    main()
