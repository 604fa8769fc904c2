"""Pages: the list of groups, what is offered, one group, the box on the case page."""
