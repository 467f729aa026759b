"""The ground floor: machinery that knows no product (no account, room or message)."""
