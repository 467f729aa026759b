"""What a web page says about itself, read in a child process that may be killed.

A page is written by a stranger; a parser that it keeps busy must not keep the server busy. Nothing
of the page is run, and only its head is looked at.
"""

from tertulia.core.pages.head import Head, read_head
from tertulia.core.pages.reader import PageUnreadable, Reader

__all__ = ["Head", "PageUnreadable", "Reader", "read_head"]
