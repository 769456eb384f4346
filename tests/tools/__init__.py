"""The tools of other projects that tests run: installed once into the user's cache folder, outside of the checkout."""
