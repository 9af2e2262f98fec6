"""How long each class of data is kept, by which rule; what goes by itself when its days are over; what is about to go."""
