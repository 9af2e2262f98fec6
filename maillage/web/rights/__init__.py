"""Pages of applications for rights once they are sent: where each stands, its two clocks, its pieces, what each side does next."""
