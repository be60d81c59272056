"""»I would like to see …«: wishes without a place, and what hosts and the centre answer."""
