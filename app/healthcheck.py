"""`python -m app.healthcheck`: exit 0 if the server in this container is ready. For images that have no curl."""

import os
import sys
import urllib.error
import urllib.request


def main() -> int:
    """0 if ready, 1 if not."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a container may be given a proxy
    try:
        with direct.open(f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/readyz", timeout=2):
            return 0
    except (urllib.error.URLError, OSError) as error:
        sys.stderr.write(f"not ready: {error}\n")
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
