"""Pages: the register, one referral with its path, the parties, the box on the case page."""
