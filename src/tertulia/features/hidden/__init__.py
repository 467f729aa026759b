"""Messages deleted for oneself: gone on all devices of that one member, there for everybody else.

Invariants
- Whoever reads for a member leaves them out: `messages` joins the same table in every reading.
- A client is told all of them (`Own.hidden`), so that events about the room need no copy for each.
"""
