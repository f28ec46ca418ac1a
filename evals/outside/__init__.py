"""Data of others: public sets and an operator's own sheet, as cases and documents."""
