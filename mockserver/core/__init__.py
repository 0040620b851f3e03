"""What both vendors share: no Flask, no vendor, no wall clock."""
