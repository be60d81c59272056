"""Supporting an idea: with an account by one click, without one by a link in a mail."""
