"""Keys of the HTTP interface: made here, kept as hashes in one file, revocable while servers run.

A key is 256 random bits, so nobody can guess it from its hash and one round of SHA-256 is enough; a slow hash protects
passwords that people think up, and would let anybody who sends wrong keys keep the processor busy.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from filelock import FileLock
from pydantic import TypeAdapter, ValidationError

from assistant.errors import ConfigurationError, InvalidInputError
from assistant.index.versions import Look, look

Scope = Literal["ask", "ingest", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)

_KEY = re.compile(r"lotse_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_NOBODY = hashlib.sha256(b"").hexdigest()  # compared with where no key has the id, so that both cases take as long


@dataclass(frozen=True, slots=True)
class Key:
    """What is kept of a key; `id` is its public part."""

    id: str
    name: str
    scopes: frozenset[Scope]
    created: str  # ISO 8601
    sha256: str


_KEYS = TypeAdapter(list[Key])


class KeyStore:
    """The keys in a file. Safe to share between threads; processes may write it while others read.

    All methods raise ConfigurationError when the file is unusable: nobody gets in by damaging it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._seen: Look = None
        self._keys: dict[str, Key] = {}

    def all(self) -> list[Key]:
        """All keys, oldest first; the file is read again when it has changed, which a look at it tells."""
        return list(self._current().values())

    def find(self, presented: str) -> Key | None:
        """The key that was presented, or None where there is no such key (any more)."""
        parts = _KEY.fullmatch(presented)
        key = self._current().get(parts[1]) if parts else None
        digest = hashlib.sha256(presented.encode()).hexdigest()
        return key if hmac.compare_digest(digest, key.sha256 if key else _NOBODY) else None

    def create(self, name: str, scopes: Iterable[str]) -> tuple[str, Key]:
        """Make a key; the first value is the key itself, which cannot be shown again.

        Raises:
            InvalidInputError: a scope is unknown or there is none, or the name is empty, long or not printable.
        """
        wanted = set(scopes)
        known: frozenset[Scope] = frozenset(scope for scope in SCOPES if scope in wanted)
        if not wanted or wanted - known:
            unknown = ", ".join(sorted(wanted - known))[:64]
            raise InvalidInputError(
                f"There is no scope {unknown}." if unknown else "The key has no scope.",
                f"Name {', '.join(SCOPES)}, or several.",
            )
        if not name.strip() or len(name) > 64 or not name.isprintable():
            raise InvalidInputError("The key has no usable name.", "Name who will use it, in at most 64 characters.")
        public, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
        shown = f"lotse_{public}_{secret}"
        now = datetime.now(UTC).isoformat(timespec="seconds")
        key = Key(public, name.strip(), known, now, hashlib.sha256(shown.encode()).hexdigest())
        with self._writing() as keys:
            keys[public] = key
        return shown, key

    def revoke(self, public: str) -> Key:
        """Remove a key by its id; from the next request on it opens nothing.

        Raises:
            InvalidInputError: no key has the id.
        """
        with self._writing() as keys:
            if public not in keys:
                raise InvalidInputError(f"There is no key {public[:64]!r}.", "`lotse keys list` shows the ids.")
            return keys.pop(public)

    def _current(self) -> dict[str, Key]:
        with self._lock:
            seen = look(self.path)
            if seen != self._seen or seen is None:
                self._keys, self._seen = self._read(), seen
            return self._keys

    def _read(self) -> dict[str, Key]:
        try:
            return {key.id: key for key in _KEYS.validate_json(self.path.read_bytes())}
        except FileNotFoundError:
            return {}
        except (OSError, ValidationError) as error:
            self._seen = None
            reason = error.strerror if isinstance(error, OSError) else "it is no list of keys"
            raise ConfigurationError(
                f"The keys in {self.path} cannot be read ({reason}).",
                "Restore the file, or remove it and make new keys.",
            ) from None

    def _writing(self) -> _Writing:
        return _Writing(self)


class _Writing:
    """The keys to be changed, written whole in one step while nobody else writes."""

    def __init__(self, store: KeyStore) -> None:
        self._store = store
        self._lock = FileLock(f"{store.path}.lock")

    def __enter__(self) -> dict[str, Key]:
        try:
            self._store.path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except OSError as error:
            raise self._unwritable(error) from None
        try:
            self._keys = self._store._read()
        except BaseException:
            self._lock.release()
            raise
        return self._keys

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._write()
        except OSError as error:
            raise self._unwritable(error) from None
        finally:
            self._lock.release()

    def _write(self) -> None:
        path = self._store.path
        rows = [{**asdict(key), "scopes": sorted(key.scopes)} for key in self._keys.values()]
        new = path.with_name(f"{path.name}.new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(rows, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)

    def _unwritable(self, error: OSError) -> ConfigurationError:
        return ConfigurationError(
            f"The keys cannot be written to {self._store.path} ({error.strerror}).",
            "Check the folder, or set LOTSE_KEYS.",
        )
