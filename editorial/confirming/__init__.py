"""»Er det stadig rigtigt?«: once a year an entry's workplace is asked, and one click answers."""
