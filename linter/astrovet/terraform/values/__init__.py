"""Values as Terraform holds them: converted, compared, of one type; plain data and back."""
