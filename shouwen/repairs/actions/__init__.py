"""Writing about work orders: issuing them, working on them, taking them back."""
