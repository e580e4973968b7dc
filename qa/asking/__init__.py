"""What a question asks for, and what it means after what was said."""
