"""What is held about whoever asks: shown, handed over and deleted with `/privacy`."""
