"""Preferences: how somebody wants their rooms to call, and where each stands in their list.

Invariants
- They are one account's own: nobody else sees them, and they outlive leaving a room.
- Counting stays exact: `me.unread` and `me.mentions` know nothing of preferences;
  `policy.attention` says what of them asks for attention.
"""
