"""Assessment: who assesses which idea, giving points, and what they come to together."""
