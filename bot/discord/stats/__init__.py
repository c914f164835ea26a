"""What instructors and their assistants see of the numbers: `/stats`."""
