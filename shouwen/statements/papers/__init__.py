"""A statement on paper: PDF to sign and send, Word to go on with, Excel to calculate with."""
