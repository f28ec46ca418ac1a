"""Pages of PDFs as pictures: of the right size, and a bad file costs one clear line."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from assistant.errors import UnreadableFileError
from assistant.page_picture import page_picture
from tests.ingest.made_files import SHOWN, pages, pdf
from tests.ingest.make_pdf import Pdf


def picture_of(folder: Path, data: bytes, page: int = 1, width: int = 400) -> Image.Image:
    path = folder / "file.pdf"
    path.write_bytes(data)
    return Image.open(io.BytesIO(page_picture(path, page, width)))


@pytest.mark.parametrize(("degrees", "upright"), [(0, True), (90, False)])
def test_a_page_as_it_is_seen(tmp_path: Path, degrees: int, upright: bool) -> None:
    picture = picture_of(tmp_path, pdf(pages(SHOWN, page=b"/Rotate %d" % degrees)))
    assert (picture.format, abs(picture.width - 400) <= 1) == ("PNG", True)
    assert (picture.height > picture.width) is upright
    assert picture.convert("L").getextrema()[0] < 128, "something is written there"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The page cannot be drawn."),
        (b"no PDF at all", "The page cannot be drawn."),
        (Pdf(key="secret").line("locked").data(), "The page cannot be drawn."),
        (Pdf().line("one page").data()[:400], "The page cannot be drawn."),
    ],
)
def test_what_cannot_be_drawn(tmp_path: Path, data: bytes, said: str) -> None:
    with pytest.raises(UnreadableFileError, match=said):
        picture_of(tmp_path, data)


@pytest.mark.parametrize("page", [0, 2, 100_000])
def test_a_page_that_is_not_there(tmp_path: Path, page: int) -> None:
    with pytest.raises(UnreadableFileError, match=f"The document has no page {page}."):
        picture_of(tmp_path, Pdf().line("one page").data(), page)


def test_a_huge_page_is_drawn_smaller(tmp_path: Path) -> None:
    picture = picture_of(tmp_path, pdf(pages(SHOWN, page=b"/MediaBox[0 0 100 14000]")), width=3_000)
    assert 1_000_000 < picture.width * picture.height <= 12_100_000
