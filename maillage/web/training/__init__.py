"""Pages of trainings: modules, sessions, places, who came, certificates."""
