import { Component } from "@odoo/owl";
import { WebClient } from "@web/webclient/webclient";
import { session } from "@web/session";

/** Tells on every page which environment this is. Production has none. */
export class PlatformBanner extends Component {
  static template = "ipai_platform.Banner";
  static props = {};

  get banner() {
    return session.ipai_platform_banner || {};
  }
}

WebClient.components = { ...WebClient.components, PlatformBanner };
