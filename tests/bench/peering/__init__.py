"""What `./dev bench peers` is made of."""
