"""Neural: what is trained by gradients, exactly on the counts."""
