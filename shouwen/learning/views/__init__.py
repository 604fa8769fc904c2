"""HTTP of what is learned."""
