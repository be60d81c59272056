"""What keeps abuse out: safe pictures, safe exports, careful reading of uploaded tables.

The lowest layer of the house: it imports no other app of the project.
"""
