"""What others must do for a matter: the three cause classes and the parties outside."""
