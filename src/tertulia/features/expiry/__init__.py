"""Messages whose time is up: gone for readers that very second, swept soon after.

Invariants
- Readers never see one (`messages` compares `expires_at` with the transaction's clock); sweeping
  only frees what is left of it and tells those who still show it.
- What is left (`expired_messages`) holds no content: the log's references and retries find it.
"""
