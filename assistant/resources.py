"""Where the shipped prompts, catalogues and corpus are: in a checkout, an editable install or a wheel."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def resource_dir(name: str) -> Path:
    """The folder `prompts` or `corpus`.

    Raises:
        FileNotFoundError: the installation is broken.
    """
    for candidate in (PACKAGE / "_resources" / name, PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"{name}/ is missing from the installation. Reinstall clusterlotse.")
