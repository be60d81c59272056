"""A workplace asks: its contact person sets a storm up, and the editors read it before it is shown."""
