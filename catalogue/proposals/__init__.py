"""Proposals: public employees tell of what others can use, in steps, and correct what stands."""
