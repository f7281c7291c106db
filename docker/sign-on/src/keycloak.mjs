import { setTimeout as sleep } from "node:timers/promises";

/** Keycloak's admin interface, as the client that it was started with. */
export class Keycloak {
  #url;
  #secret;
  /** @type {string | undefined} */
  #token;

  /** @param {string} url @param {string} secret */
  constructor(url, secret) {
    this.#url = url;
    this.#secret = secret;
  }

  /** A token knows the realms that there were when it was made: forget it after making one. */
  async logIn() {
    const body = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: "platform-init",
      client_secret: this.#secret,
    });
    const reply = await fetch(`${this.#url}/realms/master/protocol/openid-connect/token`, { method: "POST", body });
    if (!reply.ok)
      throw new Error(
        `Keycloak does not know the client platform-init by its secret (${reply.status}): its database was made by another stack`,
      );
    this.#token = /** @type {{ access_token: string }} */ (await reply.json()).access_token;
  }

  /**
   * @param {string} method @param {string} path below /admin/realms
   * @param {unknown} [body] @param {readonly number[]} [also] statuses that are no fault
   * @returns {Promise<any>} the answer's content; undefined for an empty one or one of `also`
   */
  async ask(method, path, body, also = []) {
    for (let tries = 0; ; tries++) {
      if (this.#token === undefined) await this.logIn();
      const reply = await fetch(`${this.#url}/admin/realms${path}`, {
        method,
        headers: { Authorization: `Bearer ${this.#token}`, "Content-Type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await reply.text();
      if (reply.status === 401 && tries === 0) {
        this.#token = undefined;
        continue;
      }
      if (also.includes(reply.status)) return undefined;
      if (!reply.ok) throw new Error(`${method} ${path} answers ${reply.status}: ${text.slice(0, 300)}`);
      return text === "" ? undefined : JSON.parse(text);
    }
  }

  /** @param {string} path */
  get(path) {
    return this.ask("GET", path);
  }

  /** @param {number} seconds */
  async wait(seconds) {
    for (let waited = 0; waited < seconds; waited++) {
      const reply = await fetch(`${this.#url}/realms/master`).catch(() => undefined);
      if (reply?.ok === true) return;
      await sleep(1000);
    }
    throw new Error(`no Keycloak at ${this.#url} after ${seconds} s`);
  }
}
