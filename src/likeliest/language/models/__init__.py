"""Models: what scores text, predicts the next symbol, is mixed and made smaller."""
