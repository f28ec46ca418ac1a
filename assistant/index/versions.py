"""Index versions in the data folder: one folder each, and a file that names the one being served.

A new version is built beside the old one and switched in by replacing that file, so a reader never sees half of one.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from assistant.errors import IndexUnavailableError

CURRENT = "CURRENT"
STORE = "index.sqlite"
VECTORS = "chroma"
BUILDING = "building"


def current_version(data: Path) -> str | None:
    """The version being served, or None where nothing was indexed yet."""
    try:
        return (data / CURRENT).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexUnavailableError(f"The index in {data} cannot be read ({error}).", "Check the folder's rights.") from None


def current_folder(data: Path) -> Path:
    """The folder of the version being served.

    Raises:
        IndexUnavailableError: nothing was indexed yet, or the folder it names is gone.
    """
    version = current_version(data)
    if version is None:
        raise IndexUnavailableError(f"There is no index in {data}.", "Run lotse-ingest first, or set LOTSE_DATA.")
    folder = data / version
    if not (folder / STORE).is_file():
        raise IndexUnavailableError(f"The index in {data} is incomplete.", "Run lotse-ingest again.")
    return folder


def start_building(data: Path) -> Path:
    """A fresh folder for the next version that holds a copy of the serving store, if there is one."""
    folder = data / BUILDING
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    version = current_version(data)
    if version and (data / version / STORE).is_file():
        shutil.copyfile(data / version / STORE, folder / STORE)
    return folder


def publish(data: Path, building: Path, version: str) -> None:
    """Switch the serving version; the one before stays for readers that still use it, older ones go."""
    previous = current_version(data)
    target = data / version
    if target.exists():
        shutil.rmtree(target)
    building.rename(target)
    pointer = data / f"{CURRENT}.new"
    pointer.write_text(version, encoding="ascii")
    os.replace(pointer, data / CURRENT)  # noqa: PTH105 - the one call whose atomicity everything rests on
    for folder in data.iterdir():
        if folder.is_dir() and folder.name not in {version, previous} and (folder / STORE).is_file():
            shutil.rmtree(folder, ignore_errors=True)
