"""Finding what was said: everything I may read, and nothing else.

Invariants
- Rooms are those I am in now, in the snapshot the search reads; every hit is joined with its
  message as it stands, so what is deleted, expired, hidden from me or said by somebody I blocked is
  not found, whatever the index holds.
- An edit writes the index in its own transaction: old words are not found any more, new ones are.
- New messages come in by a follower of the log, soon after they were said.
- A question has bounded work: messages walked through, messages gathered, tokens. Where that does
  not reach back to the beginning the page says where the next one goes on.
"""
