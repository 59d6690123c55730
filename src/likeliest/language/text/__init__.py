"""Text: read as sequences, taken apart into symbols, documents and their fields."""
