"""What is left of 500 applications when everything is killed a hundred times: `make chaos`."""
