import { createHash, randomBytes } from "node:crypto";

/** @typedef {{ host: string, client: string, sub: string, sid: string, name: string, groups: string[], idToken: string,
 *   refreshToken: string | undefined, startedAt: number, seenAt: number, checkedAt: number, handle: string,
 *   checking?: Promise<boolean> | undefined }} Session */

const digest = (/** @type {string} */ text) => createHash("sha256").update(text).digest("base64url");

/**
 * Who is signed in, in this process's memory: a start anew signs everybody out, which a browser that the issuer still
 * knows does not notice. Cookies are kept as digests, so that a picture of the memory opens nothing.
 */
export class Sessions {
  /** @type {Map<string, Session>} */
  #byCookie = new Map();
  /** @type {Map<string, string>} */
  #byHandle = new Map();
  #limits;

  /** @param {{ absoluteSeconds: number, idleSeconds: number, most: number, now?: () => number }} limits */
  constructor(limits) {
    this.#limits = { now: Date.now, ...limits };
  }

  get size() {
    return this.#byCookie.size;
  }

  /**
   * @param {Omit<Session, "startedAt" | "seenAt" | "checkedAt" | "handle">} who
   * @returns the cookie's value.
   */
  open(who) {
    this.#sweep();
    const oldest = this.#byCookie.keys().next();
    if (this.#byCookie.size >= this.#limits.most && oldest.done !== true) this.#remove(oldest.value);
    const cookie = randomBytes(32).toString("base64url");
    // ttyd takes at most 29 characters.
    const handle = randomBytes(16).toString("base64url");
    const now = this.#limits.now();
    this.#byCookie.set(digest(cookie), { ...who, startedAt: now, seenAt: now, checkedAt: now, handle });
    this.#byHandle.set(handle, digest(cookie));
    return cookie;
  }

  /** @param {string | undefined} cookie @param {string} host */
  find(cookie, host) {
    const session = cookie === undefined ? undefined : this.#alive(digest(cookie));
    if (session === undefined || session.host !== host) return undefined;
    session.seenAt = this.#limits.now();
    return session;
  }

  /** The session that a terminal was opened by. @param {string} handle */
  byHandle(handle) {
    const key = this.#byHandle.get(handle);
    const session = key === undefined ? undefined : this.#alive(key);
    // An open terminal is use; it has an idle limit of its own.
    if (session !== undefined) session.seenAt = this.#limits.now();
    return session;
  }

  /** @param {Session} session */
  end(session) {
    const key = this.#byHandle.get(session.handle);
    if (key !== undefined) this.#remove(key);
  }

  /** Ends what the issuer says is over: one of its sessions, or all of a person. @param {{ sid?: string, sub?: string }} over */
  endWhere({ sid, sub }) {
    for (const session of [...this.#byCookie.values()])
      if (sid !== undefined ? session.sid === sid : sub !== undefined && session.sub === sub) this.end(session);
  }

  /** @param {string} key */
  #alive(key) {
    const session = this.#byCookie.get(key);
    if (session === undefined) return undefined;
    const now = this.#limits.now();
    const over =
      now - session.startedAt > this.#limits.absoluteSeconds * 1000 ||
      now - session.seenAt > this.#limits.idleSeconds * 1000;
    if (!over) return session;
    this.#remove(key);
    return undefined;
  }

  #sweep() {
    for (const key of [...this.#byCookie.keys()]) this.#alive(key);
  }

  /** @param {string} key */
  #remove(key) {
    const session = this.#byCookie.get(key);
    if (session !== undefined) this.#byHandle.delete(session.handle);
    this.#byCookie.delete(key);
  }
}
