"""Files of rooms: what was uploaded, what a look inside found, and who may have it.

Invariants
- A file belongs to one room for ever, and to at most one message of it. Until it is sent, only its
  uploader sees it; when its message goes, it goes.
- Nothing is served before it was looked at: a file is `ready` exactly if its bytes are a blob.
- Equal bytes are one blob, whoever uploaded them; what is made of them is made once. A blob goes
  when no file holds it any more.
"""
