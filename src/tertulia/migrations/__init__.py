"""Plain dated SQL, each file safe with the running release. See docs/adr/0002."""
