"""The demo: a made-up company, its simulated colleagues, a page to step into any role."""
