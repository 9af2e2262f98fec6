"""The delays of applications between two committees: their distribution, and the mean of a random sample (S2 art. 4.1, 5). Pure."""
