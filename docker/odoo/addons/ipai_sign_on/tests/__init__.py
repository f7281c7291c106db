from . import test_issuer, test_people, test_sign_on
