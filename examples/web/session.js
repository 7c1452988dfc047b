// The token of this tab, and its renewal.

import { account } from "./api.js";
import { leave } from "./leave.js";

const KEY = "session";
/** The part of a token's life after which it is renewed before it is used. */
const RIPE = 0.8;
const ENDED = new Set(["token_missing", "token_invalid", "token_expired", "token_revoked"]);

export function isSignedIn() {
  return read() !== null;
}

export async function signIn(username, password) {
  const { token } = await account("signin", { body: { username, password } });
  keep(token);
}

export async function signOut() {
  const { message } = await withToken((token) => account("signout", { token }));
  return end(message);
}

/** Forgets the token without a word to the server. */
export function forget() {
  sessionStorage.removeItem(KEY);
}

/**
 * Calls `send` with a token that is good, and once more if it expires on the way. Where the session
 * has ended, the page is left for the one to sign in.
 */
export async function withToken(send) {
  let session = read();
  if (!session) return end();
  try {
    if (Date.now() >= session.ripe) session = await renewed(session);
    return await send(session.token).catch(async (failure) => {
      if (failure.code !== "token_expired") throw failure;
      session = await renewed(session);
      return send(session.token);
    });
  } catch (failure) {
    if (!ENDED.has(failure.code)) throw failure;
    return end(failure.message);
  }
}

/**
 * A duplicated tab has the same token. It takes over what the other has renewed, since the server
 * would take the old token, coming late, for a stolen one.
 */
const tabs = new BroadcastChannel("session");
tabs.addEventListener("message", ({ data: { old, next } }) => {
  if (read()?.token === old) write(next);
});

let renewing;

/** The session after `old`. Calls that need it at the same time share one request. */
function renewed(old) {
  const session = read();
  if (session && session.token !== old.token) return session;
  renewing ??= account("refresh", { token: old.token })
    .then(({ token }) => {
      const next = keep(token);
      tabs.postMessage({ old: old.token, next });
      return next;
    })
    .finally(() => {
      renewing = undefined;
    });
  return renewing;
}

function end(message) {
  forget();
  return leave("signin", message);
}

function read() {
  return JSON.parse(sessionStorage.getItem(KEY));
}

/** Only the length of its life is read from the token: the clock of this machine may be wrong. */
function keep(token) {
  const { iat, exp } = claims(token);
  const session = { token, ripe: Date.now() + (exp - iat) * 1000 * RIPE };
  write(session);
  return session;
}

function write(session) {
  sessionStorage.setItem(KEY, JSON.stringify(session));
}

function claims(token) {
  const [, payload] = token.split(".");
  return JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
}
