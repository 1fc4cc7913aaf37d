"""How the names model is trained: the recipe of its texts (recipe, frames) and the training itself (train). Runs in an environment of its own."""
