"""Pictures from strangers: decoded and encoded anew in a child process that may be killed.

What comes out is a WebP of our own making: no metadata, no second file hidden behind the first, no
more pixels or frames than asked for. What goes in may be anything; the child has a bound on memory
and time, no secrets in its environment, and dies with its one picture.
"""

from tertulia.core.images.studio import ImageTooLarge, ImageUnreadable, Studio
from tertulia.core.images.wanted import FORMATS, MAX_BYTES, Fit, Picture, Wanted

__all__ = [
    "FORMATS",
    "MAX_BYTES",
    "Fit",
    "ImageTooLarge",
    "ImageUnreadable",
    "Picture",
    "Studio",
    "Wanted",
]
