import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import IndexUnavailableError
from assistant.index.versions import (
    BUILDING,
    CURRENT,
    STORE,
    VECTORS,
    current_version,
    damage,
    is_part_of_index,
    look,
    next_serial,
    outdated,
    publish,
    seal,
    served,
    switch,
    versions,
)

A, B, C = "aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc"


def build(data: Path, version: str, content: str = "") -> None:
    """Publish a version and serve it."""
    folder = data / BUILDING
    (folder / VECTORS / "deep").mkdir(parents=True)
    (folder / STORE).write_text(content or version)
    (folder / VECTORS / "deep" / "graph.bin").write_bytes(bytes(range(40)))
    seal(folder, next_serial(data), version)
    publish(data, folder, version)
    switch(data, version)


def names(data: Path) -> list[str]:
    return sorted(path.name for path in data.iterdir())


def test_nothing_is_served_at_first(tmp_path: Path) -> None:
    for data in (tmp_path, tmp_path / "not there"):
        assert current_version(data) is None
        assert (versions(data), outdated(data), next_serial(data)) == ([], [], 1)
        with pytest.raises(IndexUnavailableError, match="There is no index"):
            served(data)


def test_a_published_version_is_served_after_the_switch(tmp_path: Path) -> None:
    build(tmp_path, A)
    assert current_version(tmp_path) == A
    assert (served(tmp_path).folder, served(tmp_path).instead_of) == (tmp_path / A, None)
    assert names(tmp_path) == [CURRENT, A]


def test_what_is_published_waits_for_the_switch(tmp_path: Path) -> None:
    build(tmp_path, A)
    build(tmp_path, B)
    switch(tmp_path, A)
    assert served(tmp_path).folder == tmp_path / A
    assert versions(tmp_path) == [A, B]


def test_the_version_before_stays_and_older_ones_are_outdated(tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / STORE).write_text("not ours")
    for version in (C, A, B):
        build(tmp_path, version)
    assert versions(tmp_path) == [B, A, C]
    assert outdated(tmp_path) == [C]


def test_a_damaged_version_before_gives_its_place_to_an_older_one(tmp_path: Path) -> None:
    for version in (A, B, C):
        build(tmp_path, version)
    (tmp_path / B / STORE).write_text("other")
    assert outdated(tmp_path) == [B]


@pytest.mark.parametrize("pointer", [None, b"garbage", B.encode()])
def test_nothing_is_outdated_while_it_is_not_known_what_is_current(tmp_path: Path, pointer: bytes | None) -> None:
    build(tmp_path, A)
    build(tmp_path, C)
    (tmp_path / CURRENT).unlink() if pointer is None else (tmp_path / CURRENT).write_bytes(pointer)
    assert outdated(tmp_path) == []


def test_a_version_can_be_built_again(tmp_path: Path) -> None:
    build(tmp_path, A, "damaged")
    build(tmp_path, B)
    build(tmp_path, A, "whole")
    assert (served(tmp_path).folder / STORE).read_text() == "whole"
    assert versions(tmp_path) == [A, B]
    assert outdated(tmp_path) == []


def test_switching_back(tmp_path: Path) -> None:
    build(tmp_path, A)
    build(tmp_path, B)
    before = look(tmp_path / CURRENT)
    switch(tmp_path, A)
    assert look(tmp_path / CURRENT) != before
    assert served(tmp_path).folder == tmp_path / A
    assert outdated(tmp_path) == []  # B is the newest of the others
    assert names(tmp_path) == [CURRENT, A, B]


def test_what_a_killed_switch_left_is_not_served(tmp_path: Path) -> None:
    build(tmp_path, A)
    build(tmp_path, B)
    (tmp_path / ".CURRENT.new").write_text(A[:5])
    assert served(tmp_path).folder == tmp_path / B
    switch(tmp_path, A)
    assert names(tmp_path) == [CURRENT, A, B]


# ---- seals ---------------------------------------------------------------------------------------------------


def test_a_sealed_version_is_whole_and_so_are_its_parts(tmp_path: Path) -> None:
    build(tmp_path, A)
    for part in ("", STORE, VECTORS):
        assert damage(tmp_path / A, part) is None


def test_every_altered_byte_is_noticed(tmp_path: Path) -> None:
    build(tmp_path, A)
    for file in (tmp_path / A / STORE, tmp_path / A / VECTORS / "deep" / "graph.bin"):
        whole = file.read_bytes()
        for place in range(len(whole)):
            for other in (whole[place] ^ 1, 255 - whole[place]):
                file.write_bytes(whole[:place] + bytes([other]) + whole[place + 1 :])
                assert damage(tmp_path / A) == f"{file.relative_to(tmp_path / A)} was altered"
        file.write_bytes(whole)
    assert damage(tmp_path / A) is None


def _append(folder: Path) -> None:
    with (folder / STORE).open("ab") as file:
        file.write(b"\0")


def _truncate(folder: Path) -> None:
    (folder / STORE).write_bytes((folder / STORE).read_bytes()[:-1])


def _empty(folder: Path) -> None:
    (folder / STORE).write_bytes(b"")


def _remove(folder: Path) -> None:
    (folder / STORE).unlink()


def _journal(folder: Path) -> None:
    (folder / f"{STORE}-wal").write_bytes(b"planted")


def _folder(folder: Path) -> None:
    _remove(folder)
    (folder / STORE).mkdir()


def _no_seal(folder: Path) -> None:
    (folder / "SEAL.json").unlink()


def _seal_of(content: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "SEAL.json").write_text(content)

    return write


DAMAGES: list[tuple[Callable[[Path], None], str]] = [
    (_append, f"{STORE} was altered"),
    (_truncate, f"{STORE} was altered"),
    (_empty, f"{STORE} was altered"),
    (_remove, f"{STORE} is missing"),
    (_journal, f"{STORE}-wal was added"),
    (_folder, "its files cannot be read"),
    (_no_seal, "SEAL.json is missing"),
    (_seal_of(""), "its files cannot be read"),
    (_seal_of("[]"), "its files cannot be read"),
    (_seal_of("{}"), "its files cannot be read"),
    (_seal_of('{"serial": 9, "files": []}'), "its files cannot be read"),
    (_seal_of('{"serial": 9, "files": {}}'), f"{STORE} was added"),
    (_seal_of('{"serial": "x", "files": {"index.sqlite": 7}}'), f"{STORE} was altered"),
    (_seal_of("\xff"), "its files cannot be read"),
]


@pytest.mark.parametrize(("damaging", "said"), DAMAGES)
def test_damage_is_named_and_the_last_good_version_is_served(
    tmp_path: Path, damaging: Callable[[Path], None], said: str
) -> None:
    for version in (C, A, B):
        build(tmp_path, version)
    damaging(tmp_path / B)
    assert damage(tmp_path / B, STORE) == said
    assert (served(tmp_path).folder, served(tmp_path).instead_of) == (tmp_path / A, f"{B}: {said}")
    _remove(tmp_path / A)
    assert served(tmp_path).folder == tmp_path / C
    _no_seal(tmp_path / C)
    with pytest.raises(IndexUnavailableError, match=rf"damaged \({B}: {said}\)\. Run lotse-ingest --data"):
        served(tmp_path)


def test_damage_of_the_vectors_is_no_reason_to_serve_another_version(tmp_path: Path) -> None:
    build(tmp_path, A)
    build(tmp_path, B)
    (tmp_path / B / VECTORS / "deep" / "graph.bin").unlink()
    assert damage(tmp_path / B, VECTORS) == "graph.bin is missing"
    assert damage(tmp_path / B, STORE) is None
    assert served(tmp_path).folder == tmp_path / B


def test_a_version_without_vectors_is_whole_but_for_them(tmp_path: Path) -> None:
    (tmp_path / STORE).touch()
    seal(tmp_path, 1)
    assert damage(tmp_path) is None
    assert damage(tmp_path, VECTORS) == f"{VECTORS} is missing"


def test_the_numbers_of_versions_rise(tmp_path: Path) -> None:
    for number, version in enumerate((C, A, B), 1):
        assert next_serial(tmp_path) == number
        build(tmp_path, version)
        assert json.loads((tmp_path / version / "SEAL.json").read_text())["serial"] == number
    switch(tmp_path, C)
    assert next_serial(tmp_path) == 4


# ---- the pointer ---------------------------------------------------------------------------------------------

GARBAGE = [b"", b"\n", b"../elsewhere", b"\xff\xfe\x00", b"aaaaaaaaaaaa/../..", b"x" * 10_000]


@pytest.mark.parametrize("content", GARBAGE)
def test_a_damaged_pointer_alone_is_incomplete(tmp_path: Path, content: bytes) -> None:
    (tmp_path / CURRENT).write_bytes(content)
    assert current_version(tmp_path) is None
    with pytest.raises(IndexUnavailableError, match=r"incomplete\. Run lotse-ingest again"):
        served(tmp_path)


@pytest.mark.parametrize("content", GARBAGE)
def test_with_a_damaged_pointer_the_newest_version_is_served(tmp_path: Path, content: bytes) -> None:
    build(tmp_path, B)
    build(tmp_path, A)
    (tmp_path / CURRENT).write_bytes(content)
    found = served(tmp_path)
    assert (found.folder, found.instead_of) == (tmp_path / A, "CURRENT names no version")


def test_a_pointer_to_nothing_is_incomplete(tmp_path: Path) -> None:
    (tmp_path / CURRENT).write_text(A)
    with pytest.raises(IndexUnavailableError, match="incomplete"):
        served(tmp_path)


def test_a_pointer_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / CURRENT).mkdir()
    with pytest.raises(IndexUnavailableError, match="cannot be read"):
        current_version(tmp_path)


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        ("CURRENT", True),
        ("lock", True),
        (".lock-holder", True),
        (".CURRENT.new", True),
        (f"{A}/index.sqlite", True),
        (".building/index.sqlite", True),
        ("notes.md", False),
        ("backup/index.sqlite", False),
        ("../CURRENT", False),
    ],
)
def test_which_files_are_the_index(tmp_path: Path, path: str, ours: bool) -> None:
    data = tmp_path / "data"
    data.mkdir()
    assert is_part_of_index(data / path, data) is ours


def test_a_look_tells_another_file_from_the_same(tmp_path: Path) -> None:
    file = tmp_path / "file"
    assert look(file) is None
    file.write_text("one")
    first = look(file)
    assert look(file) == first
    (tmp_path / "other").write_text("two")
    (tmp_path / "other").replace(file)
    assert look(file) != first
