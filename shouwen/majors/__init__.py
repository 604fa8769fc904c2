"""How grave a complaint is and why, and what a major one sets in motion."""
