"""How a trigger refuses."""

from __future__ import annotations


def refuse(rule: str, message: str) -> str:
    """A statement in plpgsql that refuses, and says which rule did."""
    return f"RAISE check_violation USING MESSAGE = '{rule}: {message}', CONSTRAINT = '{rule}';"
