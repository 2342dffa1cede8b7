"""Docker's question to the web server: exit status 0 while /readyz answers 200."""

import os
import sys
import urllib.request

host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip()
address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/readyz"
request = urllib.request.Request(address, headers={"Host": host, "X-Forwarded-Proto": "https"})
with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310 – the address is built above
    sys.exit(answer.status != 200)
