"""Carrying messages from room to room, with where they came from.

Invariants
- Who forwards may read there and write here; each target has an outcome of its own.
- What is carried is a copy of the words as they stood: a later edit or deletion changes no copy.
- A copy names every place it came through by ids alone. The name of a room is for its members:
  nothing about it travels.
"""
