"""A run for people and for other tools: terminal, page, JSON, JUnit."""
