"""`make bench`: what Tertulia does, beside a bare limit or a peer, in one run on this machine."""
