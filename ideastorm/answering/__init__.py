"""Answering ideas: forms, actions and pages, what happens when the promised day passes, and news afterwards."""
