"""A national year of referrals, by the actions themselves: `year` says what becomes of each, `steps` does it, `running` drives it."""
