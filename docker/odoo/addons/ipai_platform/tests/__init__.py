from . import test_http, test_monitoring, test_stage
