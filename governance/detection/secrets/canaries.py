"""Synthetic secrets, at least one for every rule of our own that is not a vendor's format: a rule that is gone is missed by its canary.

They are made of parts so that this file is not itself a finding. None was ever issued; the checksums of the tokens do not hold.
"""

from governance.detection.detector import Canary

_PHRASE = "Kanarie-" + "7Fq2xW"
_HEX = "5c1e9b70" + "d2f84a36b17c0e95" + "a8d3f642"
_BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7x2k9Vd8Hq3Ls"
_NO_KEY = "kQ7xW2mZ9pLr4TbN8vYc1HsD6fGj3KaE5uRi0OtXqWnBzMePdLhSgVyCoFwJvUxA"
_CANARIES = (
    ("github-pat", "export GITHUB_TOKEN=ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a\n"),
    ("aws-access-token", "aws AKIA" + "IOSFODNN7EXAMPLQ\n"),
    ("bitbucket-password", "ATBB" + "k3Qz9XwLm2Tr8VbNc5Yh7JpD\n"),
    ("connection-string", "postgres://remit:" + "kanarie-7Fq2@db.example.com/letters\n"),
    ("private-key", f"{_NO_KEY}\n-----END PRIVATE " + "KEY-----\n"),
    ("private-key", f"the key {_BODY}\n"),
    ("key-body", f"{_NO_KEY[::-1]}\n{_NO_KEY}\n"),
    ("authorization-header", "Authorization: Bearer " + "kanarie.7Fq2.xW93\n"),
    ("authorization-header", "Authorization: SSWS " + f"00{_HEX}\n"),
    ("command-line-password", f"curl -u remit:{_PHRASE} https://example.com\n"),
    ("command-line-password", f"mysql -h db -p{_PHRASE} letters\n"),
    ("command-line-password", f"imap-sync -u remit -p {_PHRASE}\n"),
    ("command-line-password", f"lftp -u remit,{_PHRASE} ftp.example.com\n"),
    ("command-line-password", f"ConvertTo-SecureString '{_PHRASE}' -AsPlainText -Force\n"),
    ("command-line-password", f"net use Z: \\\\files\\letters {_PHRASE} /user:remit\n"),
    ("command-line-password", f"sync --pass {_PHRASE}\n"),
    ("account-and-token", f"Client('AC{_HEX}', '{_HEX[::-1]}')\n"),
    ("sql-password", f"CREATE USER remit IDENTIFIED BY '{_PHRASE}';\n"),
    ("netrc", f"machine example.com login remit password {_PHRASE}\n"),
    ("pgpass", f"db.example.com:5432:letters:remit:{_PHRASE}\n"),
    ("credential-object", f"new NetworkCredential('remit', '{_PHRASE}')\n"),
    ("xml-password", f"<password>{_PHRASE}</password>\n"),
    ("xml-token", f"<apiToken>{_HEX}</apiToken>\n"),
    ("spoken-password", f"the password {_PHRASE}\n"),
    ("spoken-password", "The password of the letters:\n" + f"{_HEX[:20]}\n"),
    ("spoken-password", f"mot de passe : {_PHRASE}\n"),
    ("spoken-password", f"you log in as remit / {_PHRASE}\n"),
    ("passphrase", "passphrase: " + "harbour thistle meadow cobra piston\n"),
    ("column", f"user,password\nremit,{_PHRASE}\n"),
    ("column", f"password,user\n{_PHRASE},remit\n"),
    ("password-hash", "remit:$apr1$k3Qz9XwL$" + "m2Tr8VbNc5Yh7JpD4sKe1/\n"),
    ("password-hash", "{SSHA}" + "k3Qz9XwLm2Tr8VbNc5Yh7JpD4sKe1aRb\n"),
    ("session-cookie", f"Cookie: sessionid={_HEX}\n"),
    ("url-token", f"https://example.com/token/{_HEX}\n"),
    ("google-client-secret", "7012.apps.googleusercontent.com " + f"{_HEX[:24]}\n"),
    ("wordpress-salt", f"define('AUTH_KEY', '{_HEX}{_NO_KEY[:32]}');\n"),
    ("key-bytes", f"aes_key = [{', '.join(map(str, range(101, 133)))}]\n"),
    ("kerberos-hash", "$krb5tgs$23$" + f"{_HEX}{_HEX}\n"),
    ("json-web-key", f'{{"kty": "oct", "k": "{_NO_KEY[:43]}"}}\n'),
    ("assignment", 'db_password = "' + 'tr0ub4dor-Kanarie"\n'),
    ("assignment", f"'password', '{_PHRASE}'\n"),
    ("assignment", f"if '{_PHRASE}' == password:\n"),
    ("assignment", f'#define API_TOKEN "{_HEX}"\n'),
)
CANARIES = tuple(Canary(text, "SECRET", rule) for rule, text in _CANARIES)
