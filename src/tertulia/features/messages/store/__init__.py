"""All SQL of messages. Functions that read content take a `RoomAccess`: no access, no content."""
