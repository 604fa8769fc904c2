"""Writing: corrections, suggestions, rolls, praise, typical cases, quality, the archive."""
