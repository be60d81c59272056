"""Putting something on the map, and keeping it right: proposed by those who know it, shown by the editors."""
