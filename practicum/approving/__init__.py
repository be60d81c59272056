"""Leaders say yes or no by a link in a mail."""
