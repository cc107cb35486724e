"""A small HubSpot: CRM objects, search, associations, properties, pipelines, owners, limits."""
