"""What `astrovet model` prints: the objects of an estate with their values, and the picture of it."""
