"""What a command has to say, as text. `formats.py` is the table of all formats: each is a module and a line there."""
