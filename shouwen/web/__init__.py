"""Look and feel: base pages, components, static files. Knows no domain."""
