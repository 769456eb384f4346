"""A plan and its proof as files and words: one module a form."""
