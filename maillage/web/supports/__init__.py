"""The library of supports: reading, keeping, printing its addresses, stocks and counts."""
