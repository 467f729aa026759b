"""What a Slack archive says, in our words: pure."""
