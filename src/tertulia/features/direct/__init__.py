"""Direct uploads: bytes that go from a client to the bucket, past the server.

Invariants
- A URL is signed for one account's one upload: for its key, size and type (of a part: number and
  size), for a quarter of an hour. The bucket does not take anything else.
- They hold the same room and quotas as other uploads, from the moment they begin.
- Nothing is believed of the client: what became a file was measured where no URL reaches any more.
- One upload becomes one file, however often and at how many places that is asked for.
- What never becomes a file is thrown away, and so is what an old URL writes later.
"""
