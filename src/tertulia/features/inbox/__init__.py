"""What is said to me, over all my rooms: threads that call me, and messages that name me.

Invariants
- It is read, never written: indexes over messages and threads, and my rooms as they are now.
- What I can no longer read is not in it.
"""
