"""What the clinic decides by itself."""
