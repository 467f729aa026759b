"""The houses of the fault suite, lived in."""

from tests.faults.fixtures import furniture, house, postgres

__all__ = ["furniture", "house", "postgres"]
