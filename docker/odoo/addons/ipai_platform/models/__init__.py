from . import (
    stage,
    ir_http,
    monitoring,
    phase,
    backup,
    restore,
    build,
    operation,
    res_users,
)
