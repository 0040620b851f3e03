"""What the pytest plugin hands out: an emulator of the session's, a tenant of the test's."""
