"""What the links in messages lead to: a title, some words, a small picture.

Fetched by a job after the message was sent, through `core.outbound`; no page's script is run, and
no member's browser calls the page: its picture is remade and served by us. Whoever wrote the
message may take its previews away for everybody; a room, and the server, may do without.

Invariants: what is shown under a message belongs to links that stand in its words now; an address
is not fetched again before its entry expires, whatever the number of messages.
"""
