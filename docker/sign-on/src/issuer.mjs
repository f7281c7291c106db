import { createRemoteJWKSet, jwtVerify } from "jose";
import * as oidc from "openid-client";

/** The issuer can't be asked now: what is known stays, what is new must wait. */
export class IssuerAway extends Error {}

/**
 * The issuer of identities, as OpenID Connect knows it. It is asked at the first sign-on, so that this service starts
 * whether or not the issuer is up.
 */
export class Issuer {
  #settings;
  /** @type {Promise<import("openid-client").ServerMetadata> | undefined} */
  #metadata;
  /** @type {ReturnType<typeof createRemoteJWKSet> | undefined} */
  #keys;

  /** @param {{ issuer: string, metadataUrl: string, secretOf: (client: string) => string }} settings */
  constructor(settings) {
    this.#settings = settings;
  }

  /** What the issuer says of itself; it must be the issuer that was configured. */
  async metadata() {
    this.#metadata ??= this.#discover();
    try {
      return await this.#metadata;
    } catch (error) {
      this.#metadata = undefined;
      throw error;
    }
  }

  async #discover() {
    let reply;
    try {
      reply = await fetch(this.#settings.metadataUrl, { redirect: "error", signal: AbortSignal.timeout(5_000) });
    } catch (error) {
      throw new IssuerAway(`${this.#settings.metadataUrl}: ${reasonOf(error)}`);
    }
    if (!reply.ok) throw new IssuerAway(`${this.#settings.metadataUrl} answers ${reply.status}`);
    const metadata = /** @type {import("openid-client").ServerMetadata} */ (await reply.json());
    if (metadata.issuer !== this.#settings.issuer)
      throw new Error(`the issuer must be ${this.#settings.issuer}; its metadata say ${metadata.issuer}`);
    return metadata;
  }

  /** @param {string} client */
  async #configuration(client) {
    const metadata = await this.metadata();
    const configuration = new oidc.Configuration(metadata, client, this.#settings.secretOf(client));
    // Its inside address may be plain; then the signature of the id token is all the more looked at.
    if (this.#settings.metadataUrl.startsWith("http:")) oidc.allowInsecureRequests(configuration);
    oidc.enableNonRepudiationChecks(configuration);
    configuration.timeout = 5;
    return configuration;
  }

  /**
   * Where the browser goes, and what must be remembered of it until it is back.
   *
   * @param {string} client @param {string} redirectUri
   */
  async begin(client, redirectUri) {
    // Asked anew, so that nobody is sent to an issuer that is away, and what it changed is known.
    this.#metadata = undefined;
    const configuration = await this.#configuration(client);
    const pending = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
    };
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: "openid profile email",
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: "S256",
    });
    return { url: url.href, pending };
  }

  /**
   * The tokens for the code that the browser brought. State, nonce, issuer, audience, signature and PKCE are checked.
   *
   * @param {string} client @param {URL} current @param {{ state: string, nonce: string, verifier: string }} pending
   */
  async finish(client, current, pending) {
    const configuration = await this.#configuration(client);
    return answered(() =>
      oidc.authorizationCodeGrant(configuration, current, {
        expectedState: pending.state,
        expectedNonce: pending.nonce,
        pkceCodeVerifier: pending.verifier,
        idTokenExpected: true,
      }),
    );
  }

  /**
   * Fresh tokens; refused once the person was removed, locked or signed out.
   *
   * @param {string} client @param {string} refreshToken
   */
  async refresh(client, refreshToken) {
    const configuration = await this.#configuration(client);
    return answered(() => oidc.refreshTokenGrant(configuration, refreshToken));
  }

  /** Where the browser goes to sign out at the issuer too. @param {string} client @param {string} idToken @param {string} back */
  async endSession(client, idToken, back) {
    const configuration = await this.#configuration(client);
    if (configuration.serverMetadata().end_session_endpoint === undefined) return back;
    return oidc.buildEndSessionUrl(configuration, { id_token_hint: idToken, post_logout_redirect_uri: back }).href;
  }

  /**
   * What a logout token of the issuer ends (OpenID Connect Back-Channel Logout 1.0, section 2.6).
   *
   * @param {string} token @param {readonly string[]} clients
   */
  async readLogoutToken(token, clients) {
    const metadata = await this.metadata();
    this.#keys ??= createRemoteJWKSet(new URL(String(metadata.jwks_uri)));
    const { payload } = await jwtVerify(token, this.#keys, {
      issuer: this.#settings.issuer,
      audience: [...clients],
      maxTokenAge: "5 minutes",
      requiredClaims: ["iat", "jti", "events"],
    });
    const events = /** @type {Record<string, unknown>} */ (payload["events"] ?? {});
    if (!("http://schemas.openid.net/event/backchannel-logout" in events)) throw new Error("no logout token");
    if ("nonce" in payload) throw new Error("a logout token has no nonce");
    const { sub, sid } = payload;
    if (sub === undefined && sid === undefined) throw new Error("a logout token names a session or a person");
    return { ...(typeof sid === "string" ? { sid } : {}), ...(sub === undefined ? {} : { sub }) };
  }
}

/** Tells an issuer that is away from one that refuses. @template T @param {() => Promise<T>} ask */
async function answered(ask) {
  try {
    return await ask();
  } catch (error) {
    const refused = error instanceof oidc.ResponseBodyError || error instanceof oidc.AuthorizationResponseError;
    if (refused && !(error instanceof oidc.ResponseBodyError && error.status >= 500)) throw error;
    const cause = /** @type {{ code?: string, cause?: unknown }} */ (error);
    const network = cause instanceof TypeError || cause.cause instanceof TypeError || cause.code === "OAUTH_TIMEOUT";
    const broken = error instanceof oidc.ResponseBodyError || cause.code === "OAUTH_RESPONSE_IS_NOT_CONFORM";
    if (network || broken) throw new IssuerAway(reasonOf(error));
    throw error;
  }
}

/** @param {unknown} error */
export function reasonOf(error) {
  // Of a refusal the cause is the issuer's answer (RFC 6749, section 5.2).
  const { message, cause } = /** @type {Error & { cause?: Error & { code?: string, error?: string } }} */ (error);
  return cause === undefined ? message : `${message} (${cause.code ?? cause.error ?? cause.message})`;
}
