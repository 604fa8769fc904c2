"""首问 Shouwen: the customer-service desk of a property company, run by its written regulation."""

__version__ = "0.1.0"
