"""Pages of seconded agents: who is where, their agenda, the appointments that the host fills."""
