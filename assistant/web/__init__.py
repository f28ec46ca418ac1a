"""The web surfaces: HTTP interface and chat."""
