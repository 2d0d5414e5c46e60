"""The one list of tables that no scope divides, and why each may be shared.

Whoever adds a table without row-level security has to add it here, with a reason.
"""

SHARED = {
    "authorities_authority": "says which authorities there are; nothing about people",
    "authorities_host": "finds the authority of a request, before there is a scope",
    "events_due": "the ticker serves every authority; ids and times alone",
    "events_beat": "signs of life of workers",
    "library_release": "blueprints are shared; nothing about people",
    "accounts_account": "staff sign in before there is a scope, and may work for several",
    "accounts_membership": "says which scope an account may enter",
    "accounts_team": "names and roles; its members may work for several authorities",
    "accounts_teamauthority": "says which scope the members of a team may enter",
    "accounts_teammember": "says which scope an account may enter",
    "accounts_absence": "says for whom an account stands in, which widens its scope",
    "accounts_reminding": "whether one of the staff wants e-mails, one for all authorities",
    "accounts_savedview": "filters of staff by ids and words of ours; never what was searched for",
    "accounts_proof": "codes for accounts, sealed; nobody is signed in yet who asks for one",
    "accounts_passage": "ids and hashes alone: the way of somebody signed in to another host",
    "accounts_stay": "ids and hashes alone: who is signed in where, found before there is a scope",
    "account_emailaddress": "unused: allauth's own; addresses stand sealed in accounts_account",
    "account_emailconfirmation": "unused: allauth's own",
    "reception_guess": "hashes that limit guessing, counted before there is a scope",
    "django_session": "sessions are found before there is a scope",
    "django_content_type": "names of tables",
    "django_migrations": "names of migrations",
    "auth_permission": "names of permissions",
    "auth_group": "unused: Django's own",
    "auth_group_permissions": "unused: Django's own",
    "procrastinate_jobs": "workers serve every authority; ids alone",
    "procrastinate_events": "the queue's own record of its jobs",
    "procrastinate_periodic_defers": "unused: the ticker does it",
    "procrastinate_workers": "signs of life of workers",
}
