"""The form of the front matter: banners, order, quotes, widths, whitespace."""
