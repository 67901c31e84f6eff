"""The only package that imports pygls and lsprotocol: requests of an editor, and values as the protocol has them."""
