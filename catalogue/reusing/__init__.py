"""»Vi genbruger det også«: a workplace tells that it reuses an entry, the origin confirms, the editors show it."""
