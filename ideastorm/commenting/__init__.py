"""Comments to ideas: written with an account, answered in one level, hidden with a reason, raised to ideas."""
