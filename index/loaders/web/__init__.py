"""Documents from the Internet, fetched by their addresses."""
