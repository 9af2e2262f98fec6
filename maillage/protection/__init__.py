"""The data-protection desk: suspected breaches, whom they are told, what is decided; requests of persons (rows H5, H6, H8)."""
