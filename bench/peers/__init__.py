"""Servers to compare with. Each prints its port when it listens."""
