"""The pages: grading one case, major events, the reporting matrix, risks, warnings."""
