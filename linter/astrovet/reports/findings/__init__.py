"""What `astrovet scan` prints."""
