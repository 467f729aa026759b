"""What a file says of its maker, taken out without touching the picture (docs/adr/0041).

A phone writes into every photo where it was taken. People send pictures, not addresses: so what is
kept and given out is the same picture, bit for bit, without places, cameras, comments, thumbnails
of an earlier state, and without anything that lies behind its end (a second file, a film of the
seconds before). How it is to be turned and its colours stay.

Only structure is read here, nothing is decoded, and memory is that of the kept pieces' addresses.
"""

from tertulia.core.scrub.scrub import SCRUBBED, scrub

__all__ = ["SCRUBBED", "scrub"]
