"""What is done about parties outside: one function a verb."""
