"""Threads: talk beside a room's talk, answering one of its messages.

Invariants
- A reply is a message of the room's one stream; a thread is a row of figures about its replies.
- Sending writes no row per member. Whom a thread calls is told by the thread's own row (the last
  200 who wrote in it or were named in it, its root included) and by what each decided for
  themselves.
- A reply is unread in one place only: in the room where it is shown there, too, else in its thread.
- How far I read a thread, and whether I follow it, is in my account's stream and nowhere else.
"""
