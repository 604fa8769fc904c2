"""The only writes of this floor, one function per verb, by subject."""
