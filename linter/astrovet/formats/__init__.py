"""Text to documents: YAML and HCL with the place of every value, JSON inside texts, bytes to text."""
