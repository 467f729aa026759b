"""Films and recordings, made ready to be watched together.

Everything but uploaded subtitles belongs to the bytes (`blob_id`), not to a file: whoever brings
the same film to whichever room finds it made. Where the codecs fit, it is cut as it is, in moments;
the smaller rungs of the ladder follow in the background, lowest first, and never above the source.

Invariants
- A segment that is told was stored before, and never changes: a run that died is followed by one
  that begins at the first missing segment, and nothing told before is made again.
- Where segments begin is decided once, before the first is made (`policy`), and alike for all
  rungs, so that a player may change between them at any.
- What one room added (subtitles) stays in that room, though others have the same film.
"""
