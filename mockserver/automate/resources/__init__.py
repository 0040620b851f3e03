"""What an Automate declaration cannot say: shapes, rules, defaults."""
