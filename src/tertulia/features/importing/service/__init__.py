"""The verbs of bringing a past in: people, rooms, what was said. Each is one transaction, and doing
it again changes nothing."""
