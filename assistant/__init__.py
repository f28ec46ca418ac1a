"""Clusterlotse: answers about German life-science clusters, quoted from documents."""

__version__ = "0.1.0"
