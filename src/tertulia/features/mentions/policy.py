"""How many people one text can call. How loudly a room's unread messages then ask for attention is
decided by `preferences.policy.attention`."""

PEOPLE = 200  # by their names and groups
HERE = 200  # by being here; where more are, it calls the room
