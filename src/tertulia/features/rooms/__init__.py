"""Rooms: the unit of everything. Members with a role, invites, bans, and one stream of facts.

Invariants
- `require(tx, actor, room_id, can)` is the one door to a room; in a writing transaction it takes
  the room's stream lock first, so check and act are one.
- A pair of people has one direct room, for ever.
- A room never loses its last owner while others remain.
"""
