"""Measures what the product promises of speed, thrift and size, each figure beside its target."""
