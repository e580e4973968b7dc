"""PDF: pages as pdfium draws them, read in the order in which a person reads them."""
