"""Reading side: the list of practicum places, a place's page, feed, files, saved searches, and what one can do now."""
