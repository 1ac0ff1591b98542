/** Facts of one occurrence that an answer may show; never personal data. */
export type ProblemFacts = Readonly<Record<string, string | number>>;

/** How one code is answered over HTTP. */
export interface ProblemEntry {
  readonly status: number;
  /** The same for every occurrence. */
  readonly title: string;
  /** What happened and what to do about it; may use the facts of the occurrence. */
  readonly detail: string | ((facts: ProblemFacts) => string);
  /** True when the same request may succeed later without a change. */
  readonly retryable?: boolean;
  /** Members whose names and shapes a specification gives, made of the facts. */
  readonly members?: (facts: ProblemFacts) => Readonly<Record<string, unknown>>;
  /** JSON pointer of the body's field that the rule speaks of; may use the facts of the occurrence. */
  readonly pointer?: string | ((facts: ProblemFacts) => string);
}

/** A closed list of codes: the compiler demands an entry for every one. */
export type ProblemTable<Code extends string = string> = Readonly<Record<Code, ProblemEntry>>;

/** The problems that any route can have; contexts add those of their rules through `ProblemCatalog`. */
export const PLATFORM_PROBLEMS = {
  malformed_request: {
    status: 400,
    title: 'The request is malformed',
    detail: 'The bytes received are not a valid HTTP/1.1 request.',
  },
  malformed_url: {
    status: 400,
    title: 'The address is malformed',
    detail: 'The path holds a percent-encoding that cannot be decoded.',
  },
  malformed_json: {
    status: 400,
    title: 'The body is not valid JSON',
    detail: 'Send one JSON value, encoded in UTF-8, without keys such as __proto__.',
  },
  idempotency_key_required: {
    status: 400,
    title: 'An idempotency key is required',
    detail: 'Send the header Idempotency-Key with a fresh value, and the same value on a repeat.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'The idempotency key was used for another request',
    detail: 'A request with this key and other content was answered before. Send a fresh key.',
  },
  idempotent_request_running: {
    status: 409,
    title: 'The first request with this key is still running',
    detail: 'Send it again in a moment, with the same key; the answer tells then what came of it.',
    retryable: true,
  },
  version_changed: {
    status: 412,
    title: 'Somebody changed it in between',
    detail:
      'The resource is no longer at the version named in If-Match; version says where it is. Read it again and decide.',
  },
  not_authenticated: {
    status: 401,
    title: 'The caller is not known',
    detail: 'Send a valid key or access token as "Authorization: Bearer <key>".',
  },
  not_permitted: {
    status: 403,
    title: 'The caller may not do this',
    detail: 'The caller is known, but does not hold the permission that this operation asks for.',
  },
  password_change_required: {
    status: 403,
    title: 'The password must be changed first',
    detail: 'Somebody else made this password. Change it at /api/v1/auth/password.',
  },
  totp_setup_required: {
    status: 403,
    title: 'One-time codes must be set up first',
    detail:
      'This role may do nothing without them. Begin them at /api/v1/auth/totp and confirm the first code at /api/v1/auth/totp/confirm.',
  },
  registration_closed: {
    status: 403,
    title: 'Nobody can register here',
    detail: 'An admin makes users; ask one.',
  },
  not_found: {
    status: 404,
    title: 'There is no such resource',
    detail: 'Nothing with this id exists, or it belongs to somebody else.',
  },
  route_not_found: {
    status: 404,
    title: 'There is no such operation',
    detail: 'No operation answers this method on this path; /docs lists all of them.',
  },
  method_not_allowed: {
    status: 405,
    title: 'The address does not answer this method',
    detail: ({ allowed }) => `It answers ${allowed}; the header Allow says so too.`,
  },
  request_timeout: {
    status: 408,
    title: 'The request took too long to arrive',
    detail: 'The whole request must arrive within the time limit.',
    retryable: true,
  },
  concurrent_change: {
    status: 409,
    title: 'Others are changing the same thing',
    detail: 'The resource kept changing while this request was decided. Send it again.',
    retryable: true,
  },
  read_model_behind: {
    status: 409,
    title: 'The list does not show your write yet',
    detail:
      'The list stands at position_token, before the token that was sent; its oldest missing event is behind_seconds old. Send the request again, or without the token to read it as it is.',
    retryable: true,
  },
  as_of_not_reached: {
    status: 409,
    title: 'The report cannot be made as of then yet',
    detail:
      'Not everything that happened until then is in the report; it follows within moments, unless events are held in quarantine. Send the request again, or without as_of to read it as it is.',
    retryable: true,
  },
  body_too_large: {
    status: 413,
    title: 'The body is too large',
    detail: 'The body exceeds the limit of this operation.',
  },
  uri_too_long: {
    status: 414,
    title: 'The address is too long',
    detail: 'A part of the path exceeds the length of any id.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The body has an unsupported type',
    detail: 'Send the body as application/json.',
  },
  invalid_input: {
    status: 422,
    title: 'The input is invalid',
    detail: 'Some fields are missing, wrong or unknown; "errors" names every one.',
  },
  version_required: {
    status: 428,
    title: 'The version that was seen is required',
    detail: 'Send the header If-Match with the ETag of the resource that the decision was made on.',
  },
  headers_too_large: {
    status: 431,
    title: 'The headers are too large',
    detail: 'All headers together must stay below 16 KiB.',
  },
  quota_exceeded: {
    status: 429,
    title: 'Too many requests',
    detail: ({ retryAfterSeconds }) => `Try again in ${retryAfterSeconds} seconds.`,
    // draft-ietf-httpapi-ratelimit-headers-10
    members: ({ policy }) => ({ 'violated-policies': [policy] }),
    retryable: true,
  },
  internal_error: {
    status: 500,
    title: 'Something went wrong on our side',
    detail: 'The failure is recorded under the request id. Sending the same request again is safe.',
    retryable: true,
  },
  event_store_unavailable: {
    status: 503,
    title: 'The event log cannot be reached',
    detail: 'It is not known whether the request took effect. Sending it again is safe.',
    retryable: true,
  },
  database_unavailable: {
    status: 503,
    title: 'The database cannot be reached',
    detail: 'The request was not decided. Sending it again is safe.',
    retryable: true,
  },
  not_served_here: {
    status: 503,
    title: 'This process does not serve the API',
    detail: 'The process runs other roles only. Send the request to the address of the API.',
    retryable: true,
  },
} as const satisfies ProblemTable;

export type PlatformProblemCode = keyof typeof PLATFORM_PROBLEMS;
