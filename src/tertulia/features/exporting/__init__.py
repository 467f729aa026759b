"""Taking things along: a room, or everything that is mine, as a file.

Invariants
- A file holds what its asker could read when it was written, and nothing else: it is read page by
  page through the same verbs, as the asker.
- Nothing is held whole: pages go to a file in the data folder, which has its name only when it is
  complete.
- A file is there for seven days; a link to it opens it for a quarter of an hour.
"""
