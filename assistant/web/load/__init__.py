"""How a server bears many questions at once."""
