"""What instructors learn of what their students ask: numbers, and nobody in them."""
