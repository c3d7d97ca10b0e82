"""Scores of deals and leads that say why: shares of what became of similar ones, never a verdict without its n."""
