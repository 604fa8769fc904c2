"""Taking in messages that came elsewhere, each at its own time, through the same actions as the
desk."""
