"""HTTP of return visits: lists and shares, and one visit."""
