"""Where hosts are missing: what guests wish for against the seats that are free, and inviting workplaces."""
