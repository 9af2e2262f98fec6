"""Agents of a caisse seconded on a partner's premises: their permanences, and the appointments that the partner fills (row B7)."""
