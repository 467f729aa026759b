"""All SQL of bots and webhooks, one file for each."""
