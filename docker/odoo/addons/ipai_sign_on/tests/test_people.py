from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessDenied
from odoo.tests import TransactionCase, new_test_user, tagged

from .. import close_other_ways
from ..models.res_users import CREDENTIAL, RoleGone
from .common import ISSUER, Issuer, with_issuer


@tagged("post_install", "-at_install")
class TestPeople(TransactionCase):
    def setUp(self):
        super().setUp()
        with_issuer(self)
        self.provider = self.env["auth.oauth.provider"]._sign_on_provider()

    def sign_on(self, **claims):
        return self.env["res.users"]._sign_on(self.provider, Issuer().person(**claims))

    def test_a_role_is_given_an_account(self):
        user = self.sign_on()
        self.assertEqual((user.login, user.name), ("ann@sign-on.example.com", "Ann Example"))
        self.assertTrue(user.has_group("ipai_platform.group_viewer"))
        self.assertFalse(user.has_group("ipai_platform.group_operator"))
        self.assertEqual(self.sign_on(email="another@example.com"), user)

    def test_nobody_else_is(self):
        for groups in ([], ["analyst"], None, ["base.group_system"]):
            with self.subTest(groups), self.assertRaises(AccessDenied):
                self.sign_on(groups=groups)

    def test_roles_come_and_go(self):
        user = self.sign_on(groups=["admin"])
        self.assertTrue(user.has_group("base.group_system"))
        self.sign_on(groups=["developer"])
        self.assertFalse(user.has_group("base.group_system"))
        self.assertTrue(user.has_group("ipai_platform.group_operator"))

    def test_an_account_that_a_role_was_given_is_good_while_the_role_is(self):
        user = self.sign_on(groups=["admin"])
        keys = self.env["res.users.apikeys"]
        keys.with_user(user)._generate("rpc", "kept for later", fields.Datetime.now() + timedelta(days=1))
        generation = user.sign_on_generation
        # `assertRaises` would undo what is kept.
        gone = False
        try:
            self.sign_on(groups=[])
        except RoleGone:
            gone = True
        self.assertTrue(gone)
        self.assertFalse(user.has_group("base.group_system"))
        self.assertFalse(keys.search([("user_id", "=", user.id)]))
        self.assertNotEqual(user.sign_on_generation, generation)
        self.assertEqual(self.sign_on(groups=["tester"]), user)

    def test_what_was_given_by_hand_stays(self):
        user = new_test_user(self.env, "ann@sign-on.example.com", "base.group_user,ipai_platform.group_operator")
        self.assertEqual(self.sign_on(groups=["developer"]), user)
        self.sign_on(groups=[])
        self.assertTrue(user.has_group("ipai_platform.group_operator"))
        self.assertTrue(user.has_group("base.group_user"))

    def test_an_account_without_a_role_is_found_by_its_address(self):
        user = new_test_user(self.env, "Ann@sign-on.example.com", "base.group_user")
        self.assertEqual(self.sign_on(groups=[]), user)
        self.assertEqual(user.oauth_uid, f"{ISSUER} sub-of-ann")

    def test_a_copy_with_another_issuer_finds_people_anew(self):
        user = self.sign_on()
        user.oauth_uid = "https://id.production.example.com sub-at-production"
        self.assertEqual(self.sign_on(), user)
        self.assertEqual(user.oauth_uid, f"{ISSUER} sub-of-ann")

    def test_an_address_that_nobody_vouches_for_finds_nothing(self):
        new_test_user(self.env, "ann@sign-on.example.com", "base.group_user")
        for verified in (False, None, "true"):
            with self.subTest(verified), self.assertRaises(AccessDenied):
                self.sign_on(groups=[], email_verified=verified)
        self.assertEqual(self.sign_on(email_verified=False, preferred_username="ann").login, "ann")

    def test_the_account_of_somebody_else_is_not_taken(self):
        self.sign_on()
        with self.assertRaises(AccessDenied):
            self.sign_on(sub="sub-of-eve")

    def test_administrators_are_not_found_by_their_address(self):
        user = new_test_user(self.env, "ann@sign-on.example.com", "base.group_system")
        with self.assertRaises(AccessDenied):
            self.sign_on(groups=["developer"])
        self.assertFalse(user.oauth_uid)
        self.assertEqual(self.sign_on(groups=["admin"]), user)

    def test_the_first_administrator_belongs_to_nobody(self):
        self.env.ref("base.user_admin").login = "root@sign-on.example.com"
        with self.assertRaises(AccessDenied):
            self.sign_on(email="root@sign-on.example.com", groups=["admin"])

    def test_who_is_archived_stays_so(self):
        self.sign_on().active = False
        with self.assertRaises(AccessDenied):
            self.sign_on()
        new_test_user(self.env, "bob@sign-on.example.com", "base.group_user").active = False
        with self.assertRaises(AccessDenied):
            self.sign_on(sub="sub-of-bob", email="bob@sign-on.example.com")

    def test_the_end_of_a_role_takes_no_other_group(self):
        user = self.sign_on(groups=["developer"])
        own = self.env["res.groups"].create({"name": "Own"})
        user.group_ids = [Command.link(own.id)]
        self.sign_on(groups=["tester"])
        self.assertIn(own, user.group_ids)

    def test_is_no_credential_from_outside(self):
        user = self.sign_on()
        user = user.with_user(user)
        for proof in (None, True, "PROOF", {}):
            credential = {"type": CREDENTIAL, "login": user.login, "proof": proof}
            with self.subTest(proof), self.assertRaises(AccessDenied):
                user._check_credentials(credential, {"interactive": True})

    def test_the_ways_in_of_other_modules_are_closed(self):
        with self.assertRaises(AccessDenied):
            self.env["res.users"].auth_oauth(self.provider.id, {"access_token": "x", "state": "{}"})
        self.assertFalse(self.env["auth.oauth.provider"].search([("enabled", "=", True)]))
        parameters = self.env["ir.config_parameter"]
        self.assertEqual(parameters.get_param("auth_signup.invitation_scope"), "b2b")
        self.assertFalse(parameters.get_param("auth_signup.reset_password"))

    def test_what_customers_use_is_left_open(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("auth_signup.invitation_scope", "b2c")
        customer = new_test_user(self.env, "customer@example.com", "base.group_portal")
        self.env["res.users.log"].with_user(customer).sudo().create({})
        close_other_ways(self.env)
        self.assertEqual(parameters.get_param("auth_signup.invitation_scope"), "b2c")
        self.env["res.users.log"].search([("create_uid", "=", customer.id)]).unlink()
        close_other_ways(self.env)
        self.assertEqual(parameters.get_param("auth_signup.invitation_scope"), "b2b")
