"""The values that flow from room to room: standard library only, no clock, no file, no network."""
