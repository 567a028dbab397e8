"""The graph on the web: a SPARQL endpoint, an interface for programs, and pages for people."""
