"""The web chat at `/`: what a visitor asks, sees and keeps."""
