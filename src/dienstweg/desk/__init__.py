"""What caseworkers use: their tasks, the case in full, the decision, the post, the connections.

It stands on the host that all authorities share. A caseworker's scope is the authorities they
work for; a page about one case narrows it to that case's authority.
"""
