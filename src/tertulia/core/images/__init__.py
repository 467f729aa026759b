"""Pictures from strangers: decoded and encoded anew in a child process that may be killed.

What comes out is of our own making: no metadata, no second file hidden behind the first, no more
pixels or frames than asked for. What goes in may be anything; a fork of the child decodes it, with
a bound on memory and time and no secrets in its environment, and dies with its one picture.
"""

from tertulia.core.images.studio import ImageTooLarge, ImageUnreadable, Studio
from tertulia.core.images.wanted import (
    FORMATS,
    LOOKED_AT,
    MAX_BYTES,
    MAX_FILE,
    Fit,
    Picture,
    Rendition,
    Sight,
    Wanted,
)

__all__ = [
    "FORMATS",
    "LOOKED_AT",
    "MAX_BYTES",
    "MAX_FILE",
    "Fit",
    "ImageTooLarge",
    "ImageUnreadable",
    "Picture",
    "Rendition",
    "Sight",
    "Studio",
    "Wanted",
]
