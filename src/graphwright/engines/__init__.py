"""Where a build reads documents: in this process, in several, or on a cluster."""
