"""The DDL of what a snapshot says, one file a kind of thing. Every statement ends with its semicolon and a new line."""
