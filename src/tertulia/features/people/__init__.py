"""People: contacts, blocks, and what each person lets others do.

Invariants
- Who may message, add and find whom is decided in `policy`, from a `Standing`, and nowhere else.
- Nothing tells a blocked person that they are blocked: whatever it refuses is refused in the same
  words to those whom a setting keeps out, and a request simply is never answered.
- A tie between two people is a row on each side; `store.lock_pair` is taken before either changes.
"""
