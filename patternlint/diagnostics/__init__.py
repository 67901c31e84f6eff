"""The diagnostic model: severities, routes, fixes, fingerprints and statistics."""
