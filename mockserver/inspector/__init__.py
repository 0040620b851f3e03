"""Pages for people, over the same functions as the control plane."""
