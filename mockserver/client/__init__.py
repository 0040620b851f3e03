"""The reference client; it imports nothing of the server."""
