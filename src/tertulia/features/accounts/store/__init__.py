"""All SQL of accounts and devices. Rows are locked account first, then devices by id; streams come
last, at commit. Whoever keeps to that order never waits in a ring."""
