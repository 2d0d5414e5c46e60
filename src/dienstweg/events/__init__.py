"""What has happened, what it sets off, and what falls due.

A fact is recorded in the transaction that makes it true, together with the jobs that follow from
it, so that no process can die in between. The only room that knows the queue (Procrastinate);
which jobs follow which fact is told by the journey, found by its name in the settings.
"""
