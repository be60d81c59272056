"""Following a storm or an idea: told when something happens, until one stops."""
