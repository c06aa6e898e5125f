"""A directory on an LDAP server."""
