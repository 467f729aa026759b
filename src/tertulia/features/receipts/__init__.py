"""Receipts: how far messages of a room were delivered to its members and read by them, and when.

Invariants
- Two cursors a member, `0 <= read <= delivered <= head`; both only move forward. They are rows of
  `members`; nothing here is a row for each message and member.
- Moves of cursors are not facts: a room's log would hold more of them than messages. They are told
  as ephemera with absolute values, ride in snapshots of direct rooms and groups, and `GET sync`
  tells those that moved since its cursor, by the same commit-safe horizon as everything else.
- When a cursor stood where is known by the minute, for the last MARKS minutes in which it moved.
- Who hides what they have read is told it of nobody; two people in a block are told nothing of
  each other.
"""
