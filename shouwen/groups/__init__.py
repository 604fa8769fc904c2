"""Which matters are alike, and how many households stand behind one cause."""
