"""Is this container's server ready? For health checks: asks 127.0.0.1 as nginx would, in the site's own name."""

import http.client
import os
import sys
from urllib.parse import urlsplit


def main() -> int:
    """0 where /readyz answers 200. Host and protocol are those of SITE_URL, or the site would refuse or redirect."""
    site = urlsplit(os.environ.get("SITE_URL", "http://127.0.0.1"))
    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=4)
    try:
        connection.request("GET", "/readyz", headers={"Host": site.netloc, "X-Forwarded-Proto": site.scheme})
        return 0 if connection.getresponse().status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
