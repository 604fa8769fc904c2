"""From records to sheets: one module for each floor that has something to print."""
