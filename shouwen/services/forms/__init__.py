"""What is asked for on the pages of the services, by subject."""
