"""How a client gets in step and stays there: snapshots, gaps, one cursor for the whole account.

Invariants
- Whatever commits after a cursor was given is found by that cursor.
- Old snapshot + events = new snapshot, for every verb.
"""
