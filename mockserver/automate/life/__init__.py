"""What moves in Automate on the world's clock: computers, commands, scripts, alerts."""
