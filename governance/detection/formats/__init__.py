"""Reading records: a file of many becomes a stream of them, and a broken one is reported, not fatal."""
