"""Engines: what runs a build on more than one process, or on more than one machine."""
