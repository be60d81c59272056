"""A stay from the first yes to what it was used for: agreement, calendar, reminders, cancelling, evaluation."""
