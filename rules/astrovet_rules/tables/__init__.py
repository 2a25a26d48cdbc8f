"""The facts that rules rest on, as data: each table in one place, with its source and date."""
