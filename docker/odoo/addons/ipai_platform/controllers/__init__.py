from . import connect
from . import health
