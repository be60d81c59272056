"""»Er det stadig rigtigt?«: once a year a workplace is asked about its pages and itself, and one click answers."""
