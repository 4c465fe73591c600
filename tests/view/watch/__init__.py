"""`watch`: when it works, what it keeps, where it shows it."""
