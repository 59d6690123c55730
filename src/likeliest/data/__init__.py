"""What was seen: observations, and the reading of files."""
