"""What is done about likeness and about groups."""
