/** Groups of people, as Odoo.sh names its own, and those who only read dashboards. */
export const GROUPS = ["admin", "developer", "tester", "analyst"] as const;

export type Group = (typeof GROUPS)[number];

/** Applications that know the issuer. */
export const CLIENTS = ["odoo", "shell", "status", "metrics", "superset", "mcp"] as const;

export type Client = (typeof CLIENTS)[number];

/** Clients that prove who they are; an assistant on somebody's machine can keep no secret. */
export const CONFIDENTIAL_CLIENTS = CLIENTS.filter((client) => client !== "mcp");

export const REALM = "platform";

export interface RealmArgs {
  /** URL of each application that the stack has. */
  readonly urls: { readonly [client in Exclude<Client, "mcp">]?: string };
  /** Does the stack have MCP servers? */
  readonly mcp: boolean;
  readonly domain: string;
  /** Who must show a second factor. */
  readonly secondFactor: "admin" | "none";
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Representation = { readonly [key: string]: Json };

/** A realm as docker/sign-on/src/realm.mjs applies it; `clients` and `scopes` in Keycloak's own words. */
export interface Realm {
  readonly realm: Representation;
  readonly groups: readonly Group[];
  readonly administrators: Group;
  readonly scopes: readonly Representation[];
  readonly clients: readonly Representation[];
  readonly secondFactor: Group | null;
  readonly person: Representation;
}

/** The realm of a stack, without its secrets. */
export function settleRealm({ urls, mcp, domain, secondFactor }: RealmArgs): Realm {
  return {
    realm: {
      realm: REALM,
      enabled: true,
      displayName: "Sign-on",
      sslRequired: "external",
      registrationAllowed: false,
      resetPasswordAllowed: false,
      rememberMe: false,
      verifyEmail: false,
      editUsernameAllowed: false,
      loginWithEmailAllowed: true,
      duplicateEmailsAllowed: false,
      // Ten wrong passwords in a row lock an account, at first for a minute, at most for a quarter of an hour.
      bruteForceProtected: true,
      permanentLockout: false,
      failureFactor: 10,
      waitIncrementSeconds: 60,
      maxFailureWaitSeconds: 900,
      quickLoginCheckMilliSeconds: 1000,
      minimumQuickLoginWaitSeconds: 60,
      maxDeltaTimeSeconds: 43_200,
      passwordPolicy: "length(12) and notUsername and notEmail and passwordHistory(3)",
      otpPolicyType: "totp",
      otpPolicyAlgorithm: "HmacSHA1",
      otpPolicyDigits: 6,
      otpPolicyPeriod: 30,
      otpPolicyCodeReusable: false,
      ssoSessionIdleTimeout: 3600,
      ssoSessionMaxLifespan: 36_000,
      accessTokenLifespan: 300,
      accessCodeLifespan: 60,
      revokeRefreshToken: false,
      eventsEnabled: true,
      eventsExpiration: 7_776_000,
      adminEventsEnabled: true,
      adminEventsDetailsEnabled: false,
      attributes: {},
    },
    groups: GROUPS,
    administrators: "admin",
    scopes: [groupsScope, audienceScope],
    clients: [
      ...Object.entries(urls).map(([client, url]) => confidential(client as Client, url)),
      ...(mcp ? [assistants] : []),
    ],
    secondFactor: secondFactor === "admin" ? "admin" : null,
    person: {
      username: "admin",
      email: `admin@${domain.includes(".") ? domain : `${domain}.localdomain`}`,
      firstName: "Platform",
      lastName: "Administrator",
      groups: ["/admin", "/developer"],
    },
  };
}

const everywhere = { "id.token.claim": "true", "access.token.claim": "true", "userinfo.token.claim": "true" };

/** A scope of one mapper, which bears its name. */
function scope(name: string, description: string, mapper: string, config: Representation): Representation {
  const protocol = "openid-connect";
  return {
    name,
    description,
    protocol,
    attributes: { "include.in.token.scope": "false", "display.on.consent.screen": "false" },
    protocolMappers: [{ name, protocol, protocolMapper: mapper, config }],
  };
}

const groupsScope = scope("groups", "Names of the groups that a person is in", "oidc-group-membership-mapper", {
  "claim.name": "groups",
  "full.path": "false",
  ...everywhere,
});

const audienceScope = scope("audience-mcp", "Tokens are for the MCP servers", "oidc-audience-mapper", {
  "included.client.audience": "mcp",
  "id.token.claim": "false",
  "access.token.claim": "true",
});

const SCOPES = ["basic", "profile", "email", "groups"];

/** What all clients have in common: the authorization code flow with PKCE, and nothing else. */
const common = {
  enabled: true,
  protocol: "openid-connect",
  standardFlowEnabled: true,
  implicitFlowEnabled: false,
  directAccessGrantsEnabled: false,
  serviceAccountsEnabled: false,
  frontchannelLogout: false,
  fullScopeAllowed: false,
  consentRequired: false,
} as const;

/** Where each application takes the issuer's answer. */
const CALLBACKS: { readonly [client in Exclude<Client, "mcp">]: string } = {
  odoo: "/auth_oauth/signin",
  superset: "/oauth-authorized/keycloak",
  shell: "/auth/callback",
  status: "/auth/callback",
  metrics: "/auth/callback",
};

/** Where who keeps the sessions of an application is told that somebody signed out. */
const BACKCHANNELS: { readonly [client in Client]?: string } = {
  odoo: "http://odoo:8069/platform/sign-on/backchannel",
  shell: "http://sign-on:9080/auth/backchannel",
  status: "http://sign-on:9080/auth/backchannel",
  metrics: "http://sign-on:9080/auth/backchannel",
};

/** Where a browser that signed out may go. */
const SIGNED_OUT: { readonly [client in Client]?: string } = {
  odoo: "/web/login",
  superset: "/*",
};

function confidential(client: Client, url: string): Representation {
  const callback = CALLBACKS[client as keyof typeof CALLBACKS];
  const backchannel = BACKCHANNELS[client];
  const logout = {
    "post.logout.redirect.uris": `${url}${SIGNED_OUT[client] ?? "/auth/logout"}`,
    ...(backchannel === undefined
      ? {}
      : { "backchannel.logout.url": backchannel, "backchannel.logout.session.required": "true" }),
  };
  return {
    ...common,
    clientId: client,
    publicClient: false,
    clientAuthenticatorType: "client-secret",
    redirectUris: [`${url}${callback}`],
    webOrigins: [],
    attributes: { "pkce.code.challenge.method": "S256", ...logout },
    defaultClientScopes: SCOPES,
  };
}

/** Programs on people's own machines: any port of loopback, as RFC 8252 has it. */
const assistants: Representation = {
  ...common,
  clientId: "mcp",
  publicClient: true,
  redirectUris: ["http://127.0.0.1/*", "http://localhost/*"],
  webOrigins: [],
  attributes: { "pkce.code.challenge.method": "S256" },
  defaultClientScopes: [...SCOPES, "audience-mcp"],
};
