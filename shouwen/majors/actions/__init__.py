"""What is done about grave complaints: grading, major events, risks, warnings."""
