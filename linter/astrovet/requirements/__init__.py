"""What the requirements ask, as data with sources: models, advice, responsibilities, citations."""
