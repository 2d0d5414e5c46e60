"""One authority's online services: a release and a local overlay, compiled and pinned.

Going live pins both under one digest. Drafts and cases keep the digest they began under, so an
upgrade never changes what somebody is filling in. Compiled releases are kept in the process.
"""
