"""Giving files out: by session, or by a link that anybody may follow for a while.

Invariants
- Every request is judged anew: who reads is a member of the room now, and the file's message is
  there for them now (not deleted, not expired, not hidden by them). A link is bound to the person
  it was made for, and opens nothing that they may not open.
- What is behind a name never changes, but for playlists of films that are still being made.
"""
