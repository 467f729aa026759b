"""All SQL of rooms and membership. Profiles are joined from `accounts`, one floor below."""
