"""HTTP of the services: the catalogue, orders, mail, letting and selling."""
