"""Uploads: bytes on their way to becoming a file of a room (tus 1.0, docs/protocol.md U).

Invariants
- An upload is of one account, and but for parts of another of one room; both are asked for at every
  verb. Nobody else sees that it exists.
- One writer at a time, over all nodes: a lease in the row. Who lost it writes nothing more.
- What was told as received is on disk. A chunk with a checksum counts only once it was compared.
- An upload becomes a file in one transaction, once; who lost the answer learns which.
- What is declared counts as taken until the upload ends, so that two cannot share the last bytes.
"""
