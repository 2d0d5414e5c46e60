"""Who signs in: accounts, and their roles at authorities.

Shared by the network, since a person may work for several authorities and signs in once; what
they see is the scope that their memberships give them.
"""
