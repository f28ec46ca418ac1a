"""Known-fact cases in, report out."""
