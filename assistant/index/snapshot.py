"""The vectors of a version, opened for reading.

Even opening an embedded Chroma writes to its files, and only one process may do so. So every process works on a copy of
its own, and the sealed files stay as they are. Where they are damaged, the copy is made anew from the store.
"""

from __future__ import annotations

import atexit
import logging
import os
import re
import shutil
import tempfile
from pathlib import Path

from assistant.errors import IndexUnavailableError
from assistant.index.store import Store
from assistant.index.vectors import Vectors
from assistant.index.versions import VECTORS, damage

_PREFIX = "clusterlotse-"
_OURS = re.compile(rf"{_PREFIX}(\d+)-")

log = logging.getLogger(__name__)


def open_vectors(folder: Path, store: Store, url: str | None) -> Vectors:
    """The vectors of the version in `folder`, all of them there.

    Raises:
        IndexUnavailableError: the server that should have them has not.
    """
    if url:
        vectors = Vectors(folder, folder.name, url)
        if vectors.is_complete(store):
            return vectors
        vectors.close()
        raise IndexUnavailableError(
            f"The Chroma at {url} has lost some vectors.", "Run lotse-ingest to bring them back."
        )
    problem = damage(folder, VECTORS)
    if problem is None:
        vectors = _Copied(_copy(folder / VECTORS), folder.name)
        if vectors.is_complete(store):
            return vectors
        vectors.close()
        problem = "some vectors are missing"
    log.warning(
        "The vectors in %s are damaged (%s) and made anew. Run lotse-ingest --check to repair them.", folder, problem
    )
    vectors = _Copied(_copy(None), folder.name)
    vectors.build(store)
    return vectors


class _Copied(Vectors):
    """Vectors whose files are of no use after them: a service that runs for months opens many versions."""

    def __init__(self, folder: Path, version: str) -> None:
        super().__init__(folder, version)
        self._folder = folder

    def close(self) -> None:
        """Release the files and remove them."""
        super().close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _copy(folder: Path | None) -> Path:
    """A folder of this process, removed with it, that holds what is in `folder`."""
    _remove_abandoned()
    try:
        copy = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
        atexit.register(shutil.rmtree, copy, ignore_errors=True)
        for path in sorted(folder.rglob("*")) if folder else []:
            to = copy / path.relative_to(folder or copy)
            to.mkdir() if path.is_dir() else shutil.copyfile(path, to)  # without the rights, which may forbid writing
    except OSError as error:
        raise IndexUnavailableError(
            f"The vectors cannot be copied to {tempfile.gettempdir()} ({error.strerror or error}).",
            "Make room there, or name another folder with TMPDIR.",
        ) from None
    return copy


def _remove_abandoned() -> None:
    """Remove the copies of processes that were killed."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        ours = _OURS.match(path.name)
        if ours and not Path(f"/proc/{ours[1]}").exists() and Path("/proc/self").exists():
            shutil.rmtree(path, ignore_errors=True)
