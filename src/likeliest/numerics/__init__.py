"""The bottom floor: stable special functions and Newton's method; it imports nothing above."""
