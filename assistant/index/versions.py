"""Index versions in the data folder: one sealed folder each, and a file that names the one being served.

A new version is built beside the old one and switched in by replacing that file, so a reader never sees half of one.
Every version carries the hashes of its files, so a damaged one is found before it is served.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import IndexUnavailableError

CURRENT = "CURRENT"
STORE = "index.sqlite"
VECTORS = "chroma"
LOCK = "lock"
HOLDER = ".lock-holder"
BUILDING = ".building"
_SEAL = "SEAL.json"
NEW_POINTER = ".CURRENT.new"
_VERSION = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Served:
    """A version that can be served; `instead_of` says why it is not the one that should be."""

    folder: Path
    instead_of: str | None = None


def current_version(data: Path) -> str | None:
    """The version that should be served, or None where nothing was indexed yet or the pointer is damaged."""
    try:
        version = (data / CURRENT).read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise IndexUnavailableError(
            f"The index in {data} cannot be read ({error.strerror}).", "Check the folder's rights."
        ) from None
    return version if _VERSION.fullmatch(version) else None


def versions(data: Path) -> list[str]:
    """All versions that lie in the data folder: the current one first, then the newest."""
    current = current_version(data)
    names = [folder.name for folder in data.iterdir() if _VERSION.fullmatch(folder.name)] if data.is_dir() else []
    return sorted(names, key=lambda name: (name != current, -_serial(data / name), name))


def served(data: Path) -> Served:
    """The version to serve: the current one, or the last good one where that is damaged.

    Raises:
        IndexUnavailableError: nothing was indexed yet, or no version is whole.
    """
    found = versions(data)
    current = current_version(data)
    if not found:
        if current or (data / CURRENT).exists():
            raise IndexUnavailableError(f"The index in {data} is incomplete.", "Run lotse-ingest again.")
        raise IndexUnavailableError(
            f"There is no index in {data}.", f"Run lotse-ingest --data {data} first, or set LOTSE_DATA."
        )
    problems: list[str] = []
    for name in found:
        problem = damage(data / name, STORE)
        if problem is None:
            whole = name == current
            return Served(data / name, None if whole else (problems or [f"{CURRENT} names no version"])[0])
        problems.append(f"{name}: {problem}")
    raise IndexUnavailableError(
        f"The index in {data} is damaged ({problems[0]}).", f"Run lotse-ingest --data {data} to make it anew."
    )


Look = tuple[int, int, int, int] | None
"""What a file looks like from outside: another one, or a changed one, looks different."""


def look(path: Path) -> Look:
    """A file's look; None where there is none."""
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns


# ---- seals ---------------------------------------------------------------------------------------------------


def seal(folder: Path, serial: int, version: str | None = None) -> None:
    """Write down the hashes of all files of a version and make everything durable; an earlier seal is replaced at once.

    Args:
        version: its name, where that is not the folder's yet.
    """
    hashes = {path.relative_to(folder).as_posix(): _hash(path) for path in _files(folder)}
    new = folder / f"{_SEAL}.new"
    said = {"version": version or folder.name, "serial": serial, "files": hashes}
    new.write_text(json.dumps(said, indent=1), encoding="utf-8")
    for path in [*_files(folder), new]:
        _sync(path)
    new.replace(folder / _SEAL)
    for path in [*(p for p in folder.rglob("*") if p.is_dir()), folder]:
        _sync(path)


def damage(folder: Path, part: str = "") -> str | None:
    """What is wrong with a version's files; None if they are as they were sealed.

    Args:
        part: look only at the file or folder of this name.
    """
    try:
        seal = json.loads((folder / _SEAL).read_text(encoding="utf-8"))
        if seal.get("version", folder.name) != folder.name:
            return f"it holds the version {seal['version']}"
        hashes: dict[str, str] = seal["files"]
        for name, expected in hashes.items():
            if name.startswith(part) and _hash(folder / name) != expected:
                return f"{name} was altered"
        for path in _files(folder):  # a journal beside the store would change what is read from it
            name = path.relative_to(folder).as_posix()
            if name.startswith(part) and name not in hashes:
                return f"{name} was added"
    except FileNotFoundError as error:
        return f"{Path(error.filename).name} is missing"
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return "its files cannot be read"
    return None if any(name.startswith(part) for name in hashes) else f"{part} is missing"


def next_serial(data: Path) -> int:
    """The number of a version that is newer than all that are there."""
    return 1 + max((_serial(data / name) for name in versions(data)), default=0)


def _serial(folder: Path) -> int:
    try:
        return int(json.loads((folder / _SEAL).read_text(encoding="utf-8"))["serial"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0  # damaged; `damage` says so


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(_SEAL))


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# ---- building and switching ----------------------------------------------------------------------------------


def is_part_of_index(path: Path, data: Path) -> bool:
    """Whether a file in the data folder is one of the index's own; documents may lie beside them."""
    try:
        first = Path(os.path.realpath(path)).relative_to(os.path.realpath(data)).parts[0]  # resolve() fails on loops
    except ValueError:
        return False
    return first in {CURRENT, LOCK, HOLDER, BUILDING, NEW_POINTER} or bool(_VERSION.fullmatch(first))


def publish(data: Path, built: Path, version: str) -> None:
    """Put a sealed folder into the place of its version, where it waits for `switch`."""
    target = data / version
    if target.exists():
        shutil.rmtree(target)
    built.rename(target)
    _sync(data)


def switch(data: Path, version: str) -> None:
    """Serve a version from now on."""
    pointer = data / NEW_POINTER
    pointer.write_text(version, encoding="ascii")
    _sync(pointer)
    os.replace(pointer, data / CURRENT)  # noqa: PTH105 - the one call whose atomicity everything rests on
    _sync(data)


def outdated(data: Path) -> list[str]:
    """Versions that nobody needs: all but the current one and the newest of the others that is whole.

    That one stays for readers that still use it, and to fall back on.
    """
    current, *others = versions(data) or [""]
    kept = next((name for name in others if damage(data / name, STORE) is None), None)
    return [name for name in others if name != kept] if current == current_version(data) else []
