"""What `astrovet model` prints: the inventory and the picture of an estate."""
