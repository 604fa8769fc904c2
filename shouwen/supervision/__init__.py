"""Who handed a matter to whom, who asks about it, and what each level owes."""
