"""Pages about issues."""
