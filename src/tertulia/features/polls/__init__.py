"""Polls: questions with answers to choose from. A poll is a message; this is what people answer.

Invariants
- One person has one vote: a set of choices, that a later one replaces.
- How a poll stands is told in whole numbers, never as a difference.
- Of an anonymous poll nobody is told who chose what, or that somebody voted: not by a list, not by
  the actor of an event. My own devices hear of my vote in my own stream.
- A closed poll stays as it stands.
"""
