"""Proposals: public employees tell of what others can use, in steps, and correct what stands.

What is asked about a kind of content is said by its area, in a table that it registers in editorial.proposals.kinds.
"""
