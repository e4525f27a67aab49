"""What clients tell about their health, what it decides, and who has read it."""
