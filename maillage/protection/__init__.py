"""The data-protection desk: suspected breaches, whom they are told, what is decided (rows H5, H6)."""
