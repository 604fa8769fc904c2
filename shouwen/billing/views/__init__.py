"""HTTP of the counter: pages, their forms, and the fragments that other pages show."""
