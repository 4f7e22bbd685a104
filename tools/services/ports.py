"""Free ports that stay free."""

import random
import socket
import threading

# Below the range the kernel gives to outgoing connections (32768 and up): a port from that range could be taken by
# anybody's client between the moment a test kills a server and the moment it starts it again on the same port.
FIRST, LAST = 15_000, 32_000

# Not the shared generator: tests seed that one, and two runs would then try the same ports in the same order.
_random = random.SystemRandom()

_given: set[int] = set()
_lock = threading.Lock()


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do it: a connection that is merely being forgotten (TIME_WAIT) does not make a port taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port nobody listens on, never given twice by this process."""
    with _lock:
        for _ in range(1000):
            port = _random.randrange(FIRST, LAST)
            if port not in _given and is_free(port):
                _given.add(port)
                return port
    raise OSError("aucun port libre entre 15000 et 32000 sur 127.0.0.1")
