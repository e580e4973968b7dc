"""The commands of ``article-qa`` that are not eval's, one module for each or for a few alike."""
