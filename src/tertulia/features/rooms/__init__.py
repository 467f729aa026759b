"""Rooms: the unit of everything. The door to them, their names, and one stream of facts each.

Invariants
- `require(tx, actor, room_id, can)` is the one door to a room; in a writing transaction it takes
  the room's stream lock first, so check and act are one.
- A pair of people has one direct room, for ever.
- Locks are taken in one order: rooms, then accounts. `seat` reads a profile only under its
  account's lock, so no room keeps a profile that changed while somebody came in.
"""
