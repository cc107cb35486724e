"""The page of the sandbox: Slack in a browser, the phone, and what arrives in HubSpot."""
