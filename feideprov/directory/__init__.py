"""Directories behind one protocol: in memory, in an LDIF file, on an LDAP server."""
