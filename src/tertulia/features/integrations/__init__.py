"""Programs that take part: bots with tokens, webhooks that say something here, webhooks that tell
elsewhere what happened here.

Invariants: a token or a webhook's address is shown once and kept as a hash; what speaks is always
an account with a seat in the room, so leaving, banning and time-outs hold for it; every event makes
at most one delivery for each webhook, whose id stays the same however often it is tried.
"""
