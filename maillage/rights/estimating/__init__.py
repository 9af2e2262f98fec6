"""Whether a household is under the ceilings of the C2S or the AME: an estimate to help it apply, never a decision. Pure."""
