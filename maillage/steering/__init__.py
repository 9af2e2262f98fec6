"""The committees of a convention: meetings, agenda, pack, minutes and decisions; action sheets; credits and provision."""
