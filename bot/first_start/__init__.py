"""The first start: one message leads the first admin from the channel to the first logged call."""
