"""From an act in Slack to its answer: parsed, judged, carried out once, each error told."""
