"""Index versions in the data folder: one folder each, and a file that names the one being served.

A new version is built beside the old one and switched in by replacing that file, so a reader never sees half of one.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from assistant.errors import IndexUnavailableError

CURRENT = "CURRENT"
STORE = "index.sqlite"
VECTORS = "chroma"
LOCK = "lock"
_BUILDING = ".building"
_POINTER = ".CURRENT.new"
_VERSION = re.compile(r"[0-9a-f]{12}")


def current_version(data: Path) -> str | None:
    """The version being served, or None where nothing was indexed yet."""
    try:
        version = (data / CURRENT).read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise IndexUnavailableError(
            f"The index in {data} cannot be read ({error.strerror}).", "Check the folder's rights."
        ) from None
    return version if _VERSION.fullmatch(version) else None


def current_folder(data: Path) -> Path:
    """The folder of the version being served.

    Raises:
        IndexUnavailableError: nothing was indexed yet, or the folder it names is gone.
    """
    version = current_version(data)
    if version is None:
        raise IndexUnavailableError(
            f"There is no index in {data}.", f"Run lotse-ingest --data {data} first, or set LOTSE_DATA."
        )
    folder = data / version
    if not (folder / STORE).is_file():
        raise IndexUnavailableError(f"The index in {data} is incomplete.", "Run lotse-ingest again.")
    return folder


def is_part_of_index(path: Path, data: Path) -> bool:
    """Whether a file in the data folder is one of the index's own; documents may lie beside them."""
    try:
        first = path.resolve().relative_to(data.resolve()).parts[0]
    except ValueError:
        return False
    return first in {CURRENT, LOCK, _BUILDING, _POINTER} or bool(_VERSION.fullmatch(first))


def start_building(data: Path) -> Path:
    """A fresh folder for the next version that holds a copy of the serving store, if there is one."""
    discard_building(data)
    folder = data / _BUILDING
    folder.mkdir(parents=True)
    version = current_version(data)
    if version and (data / version / STORE).is_file():
        shutil.copyfile(data / version / STORE, folder / STORE)
    return folder


def discard_building(data: Path) -> None:
    """Remove what was built and not published, by this run or by one that was killed."""
    shutil.rmtree(data / _BUILDING, ignore_errors=True)


def publish(data: Path, building: Path, version: str) -> list[str]:
    """Put a version that was built into its place and serve it; see `switch`."""
    target = data / version
    if target.exists():
        shutil.rmtree(target)
    building.rename(target)
    return switch(data, version)


def switch(data: Path, version: str) -> list[str]:
    """Serve a version; the one before stays for readers that still use it, older ones go, and their names are returned."""
    previous = current_version(data)
    if version == previous:
        return []
    pointer = data / _POINTER
    pointer.write_text(version, encoding="ascii")
    os.replace(pointer, data / CURRENT)  # noqa: PTH105 - the one call whose atomicity everything rests on
    gone = [
        folder.name
        for folder in data.iterdir()
        if _VERSION.fullmatch(folder.name) and folder.name not in {version, previous} and folder.is_dir()
    ]
    for name in gone:
        shutil.rmtree(data / name, ignore_errors=True)
    return gone
