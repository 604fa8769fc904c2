"""What is asked for: a new order, each thing done with one, the filters of lists, the roster."""
