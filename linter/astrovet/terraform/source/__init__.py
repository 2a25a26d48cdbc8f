"""Sources, evaluated as far as they settle their values."""
