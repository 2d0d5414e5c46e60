"""Whose data is this: the authorities of the network, their tree, hosts, branding and keys.

Every other table with data of people belongs to one authority. Who may see what is the scope, a
value set once per request or job, and held by two walls that know nothing of each other: our
querysets, and the row-level security of PostgreSQL.
"""
