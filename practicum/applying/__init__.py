"""Applications: from the first place somebody wishes for until the leader has said yes."""
