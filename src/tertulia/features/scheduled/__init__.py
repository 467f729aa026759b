"""Messages that are to be said later.

Invariants
- A scheduled message is said once, as its author's ordinary message, by the rights they have then.
  Its `client_id` is fixed when it is scheduled; saying it and forgetting it are one transaction.
- What cannot be said stays in the list with the reason, and its author is told.
- Times are UTC. The author's zone is only kept to show them: nothing here computes with it.
"""
