"""Moderation: what members report, what moderators decide, and the trail of what they did.

Invariants
- A report is seen by the moderators of its room and by the server's admins, and by nobody whom it
  is about.
- The audit trail only grows; the database refuses anything else. Verbs that moderate write it
  themselves (`rooms.record`), in the transaction in which they act.
"""
