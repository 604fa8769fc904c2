"""HTTP of figures: the table, one figure with its records, the lock of a month."""
