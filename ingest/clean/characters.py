"""Where readers find `readable`; it lives in the assistant because questions need it too."""

from assistant.text.characters import readable

__all__ = ["readable"]
