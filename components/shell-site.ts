import { refusal } from "./refusal.ts";

export interface ShellSiteArgs {
  /**
   * Address of the terminal server, as `host:port` on the shell's own network.
   *
   * @default "shell-gate:7681"
   */
  readonly terminal?: string;
  /**
   * Address of the relying party that knows who is logged in.
   *
   * @default "sign-on:9080"
   */
  readonly relyingParty?: string;
  /**
   * Longest that one terminal stays open, in minutes.
   *
   * @default 60
   */
  readonly sessionMinutes?: number;
  /**
   * Largest body of a request, in KiB. A terminal's input goes over its socket, which this doesn't limit.
   *
   * @default 64
   */
  readonly maxBodyKiB?: number;
}

/** Every decision about the way to the web shell, in plain data. */
export type ShellSiteSettings = Required<ShellSiteArgs>;

/** Paths of the terminal: its page, what its page asks for, and its socket. */
export const TERMINAL_PATHS: readonly string[] = ["/", "/token", "/ws"];
/** Paths of the relying party. */
export const LOGIN_PATHS: readonly string[] = ["/auth/login", "/auth/callback", "/auth/logout"];

/**
 * Request headers that could say who somebody is, as Caddy's patterns, which ignore case. What a client sends of them is
 * dropped: the relying party alone says who it is. Names with a dot or an underscore go altogether, since many servers
 * read `Remote.User` and `remote_user` as `Remote-User`, and no browser sends any.
 */
export const IDENTITY_HEADERS: readonly string[] = [
  ...["*.*", "*_*"],
  ...["*remote*", "*oidc*", "*webauth*", "*auth-request*", "*authenticated*", "*impersonate*", "*client-cert*"],
  ...["*forwarded-user*", "*forwarded-email*", "*forwarded-groups*", "*forwarded-preferred*", "*forwarded-access*"],
  ...["*-user", "*-username", "*-user-id", "*-email", "*-groups", "*-roles", "forwarded", "x-real-ip"],
];

/**
 * Decides everything about the way to the web shell.
 *
 * @throws RunError for what can't be.
 */
export function settleShellSite({
  terminal = "shell-gate:7681",
  relyingParty = "sign-on:9080",
  sessionMinutes = 60,
  maxBodyKiB = 64,
}: ShellSiteArgs = {}): ShellSiteSettings {
  for (const [name, address] of Object.entries({ terminal, relyingParty })) {
    const port = Number(/^[a-z0-9][a-z0-9.-]*:(\d{1,5})$/.exec(address)?.[1]);
    if (!(port >= 1 && port <= 65_535))
      throw refusal(`shell: ${name} must be host:port, such as shell:7681; got ${address}`);
  }
  const whole = { sessionMinutes: [sessionMinutes, 480], maxBodyKiB: [maxBodyKiB, 1024] } as const;
  for (const [name, [value, most]] of Object.entries(whole)) {
    if (!Number.isInteger(value) || value < 1 || value > most)
      throw refusal(`shell: ${name} must be a whole number from 1 to ${most}; got ${value}`);
  }
  return { terminal, relyingParty, sessionMinutes, maxBodyKiB };
}

/** The site as the edge's Caddy reads it, after its own Caddyfile, whose snippets it uses. */
export function renderShellSite(settings: ShellSiteSettings): string {
  const { terminal, relyingParty, sessionMinutes, maxBodyKiB } = settings;
  return `# Generated from components/shell-site.ts by \`npm run platform -- docs\`; don't edit.
# The way to the web shell, read by the edge after docker/edge/Caddyfile. Values come from the environment:
#   SHELL_HOST   host name of the shell
#   SHELL_FROM   networks that may reach it, as CIDR, separated by spaces; by default all
http://{$SHELL_HOST:shell.localhost}:{$EDGE_HTTP_PORT} {
	import to-https
}

{$SHELL_HOST:shell.localhost}:{$EDGE_HTTPS_PORT} {
	import site

	header {
		Cache-Control no-store
		Content-Security-Policy "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
		X-Frame-Options DENY
		Referrer-Policy no-referrer
		defer
	}
	# Who it was, in the access log.
	log_append shell_user {http.vars.shell_user}

	# \`route\` keeps the order written here.
	route {
		# Only the relying party says who somebody is.
${IDENTITY_HEADERS.map((pattern) => `		request_header -${pattern}`).join("\n")}

		@elsewhere not remote_ip {$SHELL_FROM:0.0.0.0/0 ::/0}
		respond @elsewhere 403

		@method not method GET
		respond @method 405

		request_body {
			max_size ${maxBodyKiB}KiB
		}

		# The relying party's own pages: nobody is logged in yet.
		@login vars_regexp {http.request.uri.path} ^(${LOGIN_PATHS.join("|")})$
		reverse_proxy @login ${relyingParty}

		# What the terminal has, by its exact name: matchers of paths would ignore case or join slashes.
		@unknown not vars_regexp {http.request.uri.path} ^(${TERMINAL_PATHS.join("|")})$
		respond @unknown 404

		# A page of another site can open a socket here with the user's cookies, but it can't hide where it is from.
		@foreign {
			path_regexp ^/ws$
			not header Origin https://{http.request.hostport}
		}
		respond @foreign 403

		# Asks the relying party about the cookies. Anything but a yes with a name is a no.
		reverse_proxy ${relyingParty} {
			method GET
			rewrite /auth/check
			header_up -Connection
			header_up -Upgrade
			header_up X-Forwarded-Uri {http.request.orig_uri}

			@known {
				status 2xx
				header Remote-User *
			}
			handle_response @known {
				vars {
					shell_user {http.reverse_proxy.header.Remote-User}
					shell_session {http.reverse_proxy.header.Remote-Session}
				}
			}
			@barred status 403
			handle_response @barred {
				respond "You are signed in, and in no group that may open a shell. Sign out: /auth/logout" 403
			}
			handle_response {
				@page {
					path_regexp ^/$
					header Accept *text/html*
				}
				redir @page /auth/login 302
				respond 401
			}
		}

		# The terminal sees who it is and nothing that could be used elsewhere.
		reverse_proxy ${terminal} {
			header_up Remote-User {http.vars.shell_user}
			header_up Remote-Session {http.vars.shell_session}
			header_up -Cookie
			header_up -Authorization
			stream_timeout ${sessionMinutes}m
		}
	}
}
`;
}
