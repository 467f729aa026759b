"""What kind of file bytes are, by what they are: names and headers are only said.

One strict table, first match wins, everything by offset from the start: what is hidden further in
(a zip behind a GIF, a page inside a JPEG's comment) makes nothing of it. What is not known for sure
is `application/octet-stream`, which nobody opens by himself. Own and not libmagic: that is a C
parser in the server's memory, and its guesses (a page by a tag anywhere) are not strict.
"""

from tertulia.core.sniff.table import HEAD, OCTETS, TAIL, sniff

__all__ = ["HEAD", "OCTETS", "TAIL", "sniff"]
