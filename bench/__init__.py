"""How fast Dienstweg is, and how little it loses: `make bench` and `make chaos`."""
