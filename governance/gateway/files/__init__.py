"""What is answered of files that builders hand over: taken in, kept here sealed, and told of to their initiative."""
