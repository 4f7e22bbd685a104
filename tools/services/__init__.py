"""Real servers for tests and for `make run-full`: each on a free port, in its own folder, stopped by its starter.

Only the standard library is used, so that this works before any virtual environment exists.
"""

from tools.services.manager import Services, services
from tools.services.ports import free_port
from tools.services.server import MissingService, Server, ServiceError

__all__ = ["MissingService", "Server", "ServiceError", "Services", "free_port", "services"]
