"""How an idea is given, with or without an account."""
