"""Whether a file is still the one that was imported: the hash of all that decides what becomes of it."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Sequence
from pathlib import Path

PIPELINE = "10"  # raise it when reading or splitting changes, and everything is read anew
SIDECAR = ".yaml"  # what a file's name is followed by for what is known about it
_MOST_BYTES = 1_000_000_000  # no reader takes more


def digest_of(paths: Sequence[Path], source: str | None = None, pipeline: str = PIPELINE) -> str | None:
    """The hash of a document's file, of its sidecar where there is one, and of our way of reading them.

    Args:
        paths: the file, then its sidecar.
        source: the address it was fetched from.
        pipeline: the way of reading.

    None for what is no ordinary file, too large for any reader, or closed to us.
    """
    digest = hashlib.sha256(pipeline.encode())
    try:
        for path in paths:
            about = path.stat()
            if not stat.S_ISREG(about.st_mode) or about.st_size > _MOST_BYTES:
                return None
            with path.open("rb") as opened:
                digest.update(hashlib.file_digest(opened, "sha256").digest())
    except OSError:
        return None
    digest.update((source or "").encode())
    return digest.hexdigest()
