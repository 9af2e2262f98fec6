"""On paper: what a person is given to read, the form to fill by hand, the card of a telephone route. Composed from the text, pure."""
