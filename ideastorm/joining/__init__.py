"""Joining ideas that say the same, without loss, and undoing it exactly."""
