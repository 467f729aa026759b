"""Who is here: accounts, their devices (each signed-in client) and the sessions that prove it.

Invariants
- The first account owns the server.
- A device is one refresh-token family: an old token that comes back ends the device.
- A password or a token is never stored, logged or echoed; unknown name and wrong password answer
  alike, in words and in time.
"""
