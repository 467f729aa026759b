"""Custom emoji: pictures with a name that people bring along, for everybody on the server.

Invariants
- A name means one picture, and none that Unicode's emoji have a short name for.
- A picture never changes: another one is another id, so it is kept by browsers for ever.
- The list has a version, new with every change; sockets hear of it, and may miss it (ADR 29).
"""
