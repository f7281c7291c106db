from . import sign_on
