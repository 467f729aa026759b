"""Who is here right now and who is typing: ephemera, never logged, forgotten by expiry. And what a
person decided about it: when not to be disturbed, and in which time zone they live.

Invariants
- How present somebody is, is told to those who share a room with them and to nobody they are in a
  block with.
- Do not disturb is a person's own setting, told to their devices as a fact; others see it as a
  state, and only while the person is here.
"""
