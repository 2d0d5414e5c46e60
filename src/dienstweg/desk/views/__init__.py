"""The desk's pages: each translates, calls once, and translates back."""
