"""Offering places: written in steps by those who speak for a workplace, read by the editors and its leader."""
