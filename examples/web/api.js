// The server's routes, and what it says when it refuses.

const UNREACHABLE = "The server cannot be reached. Try again soon.";
const NOT_UNDERSTOOD = "The server gave an answer that this page does not understand.";

/** A refusal in the server's own words, or that no answer came. */
export class Failure extends Error {
  constructor({ message, code, field }) {
    super(message);
    this.code = code;
    this.field = field;
  }
}

let known;

/** Where the routes are, which the host chooses. */
export function configuration() {
  known ??= request("GET", new URL("config.json", import.meta.url)).catch((failure) => {
    known = undefined;
    throw failure;
  });
  return known;
}

/** An account route. */
export async function account(route, options) {
  const { auth } = await configuration();
  return request("POST", `${auth}/${route}`, options);
}

/** The notes, or the one that `path` names. */
export async function notes(method, path, options) {
  const config = await configuration();
  return request(method, config.notes + path, options);
}

async function request(method, url, { token, body } = {}) {
  const headers = new Headers();
  if (token) headers.set("Authorization", `Bearer ${token}`);
  if (body) headers.set("Content-Type", "application/json");
  const response = await fetch(url, {
    method,
    headers,
    body: body && JSON.stringify(body),
    cache: "no-store",
    credentials: "omit",
    referrerPolicy: "no-referrer",
  }).catch(() => fail({ message: UNREACHABLE }));
  const answer = await response.json().catch(() => fail({ message: NOT_UNDERSTOOD }));
  return response.ok ? answer : fail(answer?.error ?? { message: NOT_UNDERSTOOD });
}

function fail(error) {
  throw new Failure(error);
}
