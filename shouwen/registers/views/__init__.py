"""HTTP of controlled forms."""
