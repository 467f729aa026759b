"""What somebody has begun to write, the same on all their devices.

Invariants
- One draft for each room and each thread of an account; it is nobody else's.
- The last writer wins, by the `saved_at` of the device, which cannot lie in the future.
- A draft that was sent or thrown away does not come back by a save that was made before.
"""
