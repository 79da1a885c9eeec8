"""The Flask application: addresses, negotiation, pages."""
