"""How the front matter is written: banners, order, quotes, widths, blanks."""
