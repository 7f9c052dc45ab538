"""What a long run keeps of how far it is, and who starts one beside what triggers it."""
