"""The other side of the wire: light sockets, a client that follows the protocol, a bad network, plain HTTP.

What tests and benches of sockets stand on; only asyncio, so that one process holds a thousand of them.
"""

from tools.wire.bad_network import BadNetwork, Weather
from tools.wire.follower import Follower
from tools.wire.http import Answer, ask
from tools.wire.socket import Socket, connect

__all__ = ["Answer", "BadNetwork", "Follower", "Socket", "Weather", "ask", "connect"]
