"""Bringing a past from elsewhere: Slack's export archives.

Invariants
- An archive is read as a stream; nothing of it is held whole, nothing is written to disk.
- What comes in is named by where it comes from: importing twice, or going on after a crash, says
  nothing twice. Each batch of a channel is one transaction.
- Nobody is let into a room before its past is in: members are seated last, with all of it read.
- Who runs the import sees no private room by it: only those who were in it in Slack are seated.
"""
