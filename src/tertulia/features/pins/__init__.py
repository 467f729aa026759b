"""Pins: messages that a room keeps in sight, for everybody in it.

Invariants
- A room has at most a hundred; a message is pinned once, and pinning it again changes nothing.
- Who pins leaves a quiet note about it. Taking a pin away leaves none.
- What is gone is not pinned.
"""
