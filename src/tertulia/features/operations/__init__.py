"""What who runs the server sees of its work, and may do about it: jobs that wait, run and failed.

Invariants
- For admins of the server, by one door; to everybody else it answers the same, whatever there is.
- What a job works on (its payload) is never shown.
"""
