"""Voice messages that were played: by me, and for its author by whom.

Invariants
- That I played one is mine to know on all my devices, told in my own stream. It stays.
- Its author hears of it, and nobody else: in the author's own stream, so that a room's log does not
  grow by its listeners.
- Whether the author hears of it is decided at the first playing, for good: never where one of the
  two hides receipts or they are in a block, nor after the author left the room.
"""
