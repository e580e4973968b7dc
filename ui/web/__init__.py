"""The web chat. The only door to Gradio."""
