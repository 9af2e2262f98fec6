"""The yearly sheet of a convention (« fiche de suivi »): what its referents answer, checked and validated by whoever holds the text."""
