"""Engines: what reads documents in more than one process, or builds on more than one machine."""
