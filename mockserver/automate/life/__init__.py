"""What moves in Automate: computers, commands, scripts, schedules and alerts on the world's clock."""
