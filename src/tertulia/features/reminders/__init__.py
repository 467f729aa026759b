"""Reminders: of a message, or of a note of one's own.

Invariants
- A reminder rings once at its time; it stays in the list, rung, until its owner is done with it.
- Times are UTC. The owner's zone is only kept to show them: nothing here computes with it.
"""
