"""What an idea's author adds, dated, once others have supported or commented it."""
