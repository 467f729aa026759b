"""Whom a thread calls: pure; the client counts by the same rule."""


def follows(choice: bool | None, involved: bool) -> bool:
    """What somebody decided holds until they decide anew; else taking part is following."""
    return involved if choice is None else choice
