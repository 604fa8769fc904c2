"""What a customer does through a link or a code, and what we do to give and withdraw these."""
