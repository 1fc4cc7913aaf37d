"""The demo organisation and its story, told by the real services. Everybody and everything in it is invented."""
