"""Who is here right now and who is typing: ephemera, never logged, forgotten by expiry."""
