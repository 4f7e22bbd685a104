"""Connections that hand what they send to the system at once.

Twisted keeps every write for the next turn of its loop, and asks the kernel twice (wake me when this socket takes data;
no longer) for a socket that nearly always takes it. For one text to a thousand sockets that was a third of the time.
"""

from __future__ import annotations

from twisted.internet import tcp


class EagerServer(tcp.Server):
    """Sends at once where nothing waits before it; what the system does not take waits as ever."""

    def write(self, data: bytes) -> None:
        """Send, or keep for later. A connection that fails here is ended by its loop, as ever."""
        if self._idle():
            try:
                sent = self.socket.send(data)
            except OSError:
                sent = 0
            if sent == len(data):
                return
            data = data[sent:]
        super().write(data)

    def _idle(self) -> bool:
        """Nothing is kept, nobody was asked to pause, and it is neither ending nor encrypted by Twisted itself."""
        free = self.producer is None or (self.streamingProducer and not self.producerPaused)
        kept = self.dataBuffer or self._tempDataBuffer
        return bool(
            free and not kept and self.connected and not (self.disconnecting or self._writeDisconnected or self.TLS)
        )


def install() -> None:
    """Let every server socket of this process make such connections."""
    tcp.Port.transport = EagerServer
