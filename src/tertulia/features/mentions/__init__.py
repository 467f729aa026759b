"""Whom a text calls: people, groups, the whole room, those who are here.

Invariants
- It is decided when the text is said, once, and kept with the message: who joins a room or a group
  later, or goes online, was not called. An edit decides anew, but calls nobody as being here.
- Nothing is written for those who are called: they read the messages that name them.
- At most 200 people are called by name, and at most 200 by being here: where more are, `@here` is
  `@room`.
"""
