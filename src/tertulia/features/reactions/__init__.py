"""Reactions: what people answer to a message with one emoji.

Invariants
- One person reacts once with one emoji; doing it again changes nothing.
- A fact tells how an emoji stands now (how many, who came first), never a difference.
- A deleted message has no reactions; a note about the room never had any.
"""
