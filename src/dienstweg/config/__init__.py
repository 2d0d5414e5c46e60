"""Where it is put together: settings, URLs, start-up, the embedded database, the command line."""
