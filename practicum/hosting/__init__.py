"""What hosts see of those who apply to their places."""
