import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import AssistantError, InvalidInputError
from ingest.files import check_paths, find_files, is_showable, shown

TREE = ["b.md", "a.txt", "sub/c.md", "sub/deep/d.pdf", ".hidden", ".git/config", "sub/.secret/e.md"]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with files that count and files that do not."""
    root = tmp_path / "tree"
    for name in TREE:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    return root


def names(*paths: Path, data: Path = Path("data")) -> list[str]:
    return [file.name for file in find_files(paths, data)]


def test_files_come_in_the_order_of_their_names(tree: Path) -> None:
    assert names(tree) == ["a.txt", "b.md", "sub/c.md", "sub/deep/d.pdf"]
    assert [file.path.read_text() for file in find_files([tree], Path("data"))] == names(tree)


def test_paths_come_in_the_order_given(tree: Path) -> None:
    assert names(tree / "sub", tree / "b.md", tree / "a.txt") == ["c.md", "deep/d.pdf", "b.md", "a.txt"]


def test_a_file_is_found_once(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    assert names(Path("sub"), Path("b.md"), tree / "b.md", Path("sub/../b.md"), Path()) == [
        "c.md",
        "deep/d.pdf",
        "b.md",
        "a.txt",
    ]


def test_a_hidden_file_that_is_named_is_meant(tree: Path) -> None:
    assert names(tree / ".hidden") == [".hidden"]


def test_links(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tree)
    (tree / "loop").symlink_to(tree)
    (tree / "twin.md").symlink_to("b.md")
    (tree / "dangling.md").symlink_to("nowhere")
    assert names(tmp_path / "link") == ["a.txt", "b.md", "dangling.md", "sub/c.md", "sub/deep/d.pdf", "twin.md"]
    assert names(tree / "dangling.md") == ["dangling.md"]


def test_links_that_lead_out_are_refused(tree: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("secret")
    (tree / "sub" / "out.md").symlink_to(outside / "secret.md")
    (tree / "out").symlink_to(outside)
    (tree / "chain.md").symlink_to("sub/out.md")
    (tree / "gone.md").symlink_to(outside / "nothing.md")
    (tree / "round.md").symlink_to("round.md")
    (tree / ".hidden-out").symlink_to(outside)
    refused = {file.name: file.refusal for file in find_files([tree], Path("data")) if file.refusal}
    assert sorted(refused) == ["chain.md", "gone.md", "out", "sub/out.md"]
    assert {reason for reason, _ in refused.values()} == {"it is a link that leads out of its folder."}
    (named,) = find_files([tree / "sub" / "out.md"], Path("data"))
    assert named.refusal is None, "a link that is named is meant"
    assert [file.name for file in find_files([tree / "out"], Path("data")) if not file.refusal] == ["secret.md"]


def test_the_index_itself_is_left_out(tree: Path) -> None:
    for part in ("aaaaaaaaaaaa/index.sqlite", ".building/index.sqlite", "CURRENT", "lock"):
        (tree / part).parent.mkdir(exist_ok=True)
        (tree / part).touch()
    assert names(tree, data=tree) == ["a.txt", "b.md", "sub/c.md", "sub/deep/d.pdf"]
    assert "CURRENT" in names(tree)


@pytest.mark.parametrize("missing", ["nowhere", "b.md/nowhere", "sub/nowhere.md"])
def test_a_path_that_leads_nowhere_is_named(tree: Path, missing: str) -> None:
    with pytest.raises(InvalidInputError, match=f"{missing} does not exist"):
        names(tree, tree / missing)
    with pytest.raises(InvalidInputError):
        check_paths([tree / missing])


def test_a_folder_that_cannot_be_listed_stops_all(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its documents must not be taken for removed ones. (The system refuses the superuser nothing, hence the stand-in.)"""
    scandir = os.scandir

    def refuse(path: str) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(AssistantError, match=r"The folder .*sub cannot be read \(Permission denied\)"):
        names(tree)


@pytest.mark.parametrize(
    ("name", "good", "printed"),
    [
        ("für 日本 🧬\u00a0x.md", True, "für 日本 🧬\u00a0x.md"),
        ("a\nb", False, r"a\nb"),
        ("a\x1b[0m\x7f", False, r"a\x1b[0m\x7f"),
        ("a\udcff", False, r"a\udcff"),
        ("a\x85", False, r"a\x85"),
    ],
)
def test_names_that_can_be_shown(name: str, good: bool, printed: str) -> None:
    assert is_showable(name) is good
    assert shown(name) == printed
    shown(name).encode()
