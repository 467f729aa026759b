"""Members: who is in a room, as what, and who may never come back.

Invariants
- Everything here happens under the room's lock, then under those of the accounts concerned.
- Who leaves keeps a row: the ban lives there, and whoever returns reads on from where the room is.
- A room never loses its last owner while others remain; the last one to leave archives it.
- A direct room has two members, for ever.
"""
