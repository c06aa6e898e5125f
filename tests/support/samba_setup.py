"""Run by the machine's own Python, which has Samba's modules: a domain with the schema, an account, a place for people.

It is written to files while no server runs. Standard input is one JSON object: `folder`, `address`, `realm`, `schema`,
`suffix`, `account`, `password`. The domain's administrator gets a password that nobody knows.
"""

import json
import logging
import secrets
import sys

from samba.auth import system_session
from samba.dsdb import DS_DOMAIN_FUNCTION_2008_R2
from samba.param import LoadParm
from samba.provision import provision
from samba.samdb import SamDB
from samba.sd_utils import SDUtils

asked = json.load(sys.stdin)
suffix, account, realm = asked["suffix"], asked["account"], asked["realm"]
configuration = LoadParm()
configuration.set("ldb:nosync", "yes")  # it is gone with the tests; ten times as fast
provision(
    logging.getLogger(),
    system_session(),
    lp=configuration,
    targetdir=asked["folder"],
    realm=realm,
    domain=realm.partition(".")[0][:15],
    hostname="dc1",
    hostip=asked["address"],
    dom_for_fun_level=DS_DOMAIN_FUNCTION_2008_R2,
    serverrole="active directory domain controller",
    dns_backend="NONE",
    adminpass="Aa1-" + secrets.token_urlsafe(18),
)

configuration.load(f"{asked['folder']}/etc/smb.conf")
configuration.set("dsdb:schema update allowed", "yes")


def database() -> SamDB:
    """Opened anew, it knows the schema as it is by now."""
    url = f"{asked['folder']}/private/sam.ldb"
    return SamDB(url=url, session_info=system_session(), lp=configuration)


update = "dn:\nchangetype: modify\nadd: schemaUpdateNow\nschemaUpdateNow: 1\n-"
for part in asked["schema"].replace(",DC=X\n", f",{suffix}\n").split(update)[:-1]:
    database().modify_ldif(part)

samdb = database()
samdb.newuser(account, asked["password"])
samdb.add({"dn": f"OU=people,{suffix}", "objectClass": "organizationalUnit"})
# Entries may be made at the root. Below it everything may be done that users are made, changed, renamed and deleted
# with; CR is the right to give passwords, and to read what is confidential.
rights = SDUtils(samdb)
sid = rights.get_object_sid(f"CN={account},CN=Users,{suffix}")
for ace in (f"(A;;CCDCLCRP;;;{sid})", f"(A;CIIO;CCDCLCRPWPSDRCCR;;;{sid})"):
    rights.dacl_add_ace(suffix, ace)
