"""What a server tells its operator: log, metrics, traces. None of them holds a question, a document or a key."""
