"""Slash commands: short words for what could be done elsewhere, too.

Invariants
- A command does nothing that its verb would not do for the same person by another way.
- What is not understood does nothing and says why. `//word` is said as `/word`: no command.
- The list is one table (`service.COMMANDS`): a new command is one line there and one function.
"""
