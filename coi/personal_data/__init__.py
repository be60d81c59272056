"""What the portal keeps about people: the register, and what is done by it (export, erasure, retention)."""
