"""Text as a reader sees it: what printing and extraction did to a text is undone."""

from ingest.clean.compose import compose_lines
from ingest.clean.lines import TextLine

__all__ = ["TextLine", "compose_lines"]
