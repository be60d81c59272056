"""A seat that is agreed on directly: the guest asks, the host answers, the seat is held, others wait in a list."""
