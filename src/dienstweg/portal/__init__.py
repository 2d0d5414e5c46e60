"""What applicants see: the entrance, the assistant, submitting, and the page of their case.

Views translate, make one call, and translate back; every page works without JavaScript. No rules
and no queries live here.
"""
