"""What is learned: corrections, suggestions, praise, typical cases."""
