from . import test_connect, test_http, test_monitoring, test_stage
