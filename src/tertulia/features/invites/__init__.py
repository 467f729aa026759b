"""Invites: links that let whoever holds them into a room.

Invariants
- A code is 256 bits, shown once, kept as its SHA-256: the database cannot give it back.
- Every use is counted under the room's lock; a link is never used more often than it says.
- Who is removed, banned or made a guest takes their links with them.
"""
