"""How exported things are written down: pure."""
