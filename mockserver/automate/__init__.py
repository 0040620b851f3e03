"""ConnectWise Automate."""
