"""Members: who is in a room, as what, how far they have read, and who may never come back.

Invariants
- Who comes and goes does so under the room's lock, then under those of the accounts concerned.
- Who leaves keeps a row: the ban lives there, and whoever returns reads on from where the room is.
- A room never loses its last owner while others remain; the last one to leave archives it.
- A direct room has two members, for ever.
- A read position moves forward only, and never past the room's head.
"""
