"""The rooms of the house, in order: sync > presence > messages > invites > members > rooms >
accounts.

Each calls only downward and through `service`, `events` and `schemas`; news travels up as facts.
"""
