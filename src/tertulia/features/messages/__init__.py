"""What is said in rooms.

Invariants
- A message's `seq` is the `seq` of its `message.sent` event: order is the log's order.
- `(room_id, author_id, client_id)` is unique for ever: sending twice says it once.
- A deleted message keeps its place and loses its content, everywhere at once.
"""
