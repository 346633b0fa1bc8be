"""Campaign plans: documents, versions, launch."""
