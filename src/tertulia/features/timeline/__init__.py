"""A room's past, page by page: messages with what the features above them know of each.

Invariants
- A page is read in one snapshot; `head` says which events it already holds.
- Pages tile the room: following `found_oldest` and `found_newest` reads everything exactly once.
"""
