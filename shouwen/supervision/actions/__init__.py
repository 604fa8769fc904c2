"""Handing over, asking and answering, the group's guidance, and what a patrol hears."""
