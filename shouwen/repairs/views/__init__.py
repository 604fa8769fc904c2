"""HTTP of work orders: lists and registers, one order, the roster, handovers, patrols."""
