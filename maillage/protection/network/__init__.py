"""What the bodies below a head of network still owe of data protection: counts, and nothing that a count is made of."""
