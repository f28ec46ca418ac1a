"""Language work: pure functions over text."""
