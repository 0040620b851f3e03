"""Facts about both vendors' interfaces that can be tried on the emulator and on a live system."""
