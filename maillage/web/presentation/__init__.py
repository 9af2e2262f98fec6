"""How facts are said and drawn in French: pure functions and frozen values, no model, no request."""
