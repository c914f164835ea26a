"""What instructors wait for: reviewing answers at the desk, lists and sums of a large server, publishing."""
