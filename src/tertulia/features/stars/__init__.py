"""Messages somebody keeps at hand: private, the same on all their devices.

Invariants
- A star says nothing to anybody else, and nothing about a message its owner cannot read: of a room
  they left, of a deleted, hidden or expired message, it is kept but not shown.
"""
