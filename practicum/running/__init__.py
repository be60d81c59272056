"""Running the matching of a round: from rows to a problem, from its answer to rows, and what is sent to people."""
