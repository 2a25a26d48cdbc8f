"""What people declare: the configuration, comments in the inputs, and for which subject each holds."""
