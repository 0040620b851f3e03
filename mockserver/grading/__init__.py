"""From the journal to metrics, findings and a report card."""
