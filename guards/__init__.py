"""What keeps abuse out: limits, traps, CPR numbers, double submits, safe pictures, safe exports, careful reading.

The lowest layer of the house: it imports no other app of the project.
"""
