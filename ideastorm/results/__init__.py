"""What a storm ended with: how many took part, what they said, the decisions, and all of it as files."""
