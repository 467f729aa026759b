"""Named groups of people, known to the whole server: `@designers` calls those of them in the room.

Invariants
- A handle is nobody's username, and no word that calls a room, when it is given.
- Groups say who somebody is, never what they may: they open no door.
- They are in no stream. Clients read them when they offer names; a text is resolved when it is
  said, so that a group that changes later changes nothing that was said.
"""
