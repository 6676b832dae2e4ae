// What only adds detail is there in time, or null.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fetchOptional } from "../../../static/js/server/fetch-optional.js";

/** @param {BodyInit} body @param {number} [status] @returns {(url: string) => Promise<Response>} */
const replying = (body, status = 200) => async () => new Response(body, { status });

test("a reply is read as JSON, or by the given function", async () => {
  assert.deepEqual(await fetchOptional("/some", { fetch: replying("[1]") }), [1]);
  assert.equal(await fetchOptional("/some", { fetch: replying("[1]"), read: (response) => response.text() }), "[1]");
});

test("a refusal, half a reply and no server at all are null", async () => {
  assert.equal(await fetchOptional("/some", { fetch: replying("[1]", 404) }), null);
  assert.equal(await fetchOptional("/some", { fetch: replying("[1") }), null);
  assert.equal(await fetchOptional("/some", { fetch: () => Promise.reject(new TypeError("away")) }), null);
});

test("a reply that does not come in time is aborted, and null", async () => {
  /** @type {AbortSignal | null | undefined} */
  let signal;
  const fetch = (/** @type {string} */ _, /** @type {RequestInit} */ init = {}) => {
    signal = init.signal;
    return /** @type {Promise<Response>} */ (new Promise((_, failed) => signal?.addEventListener("abort", failed)));
  };
  assert.equal(await fetchOptional("/some", { timeout: 1, fetch }), null);
  assert.ok(signal?.aborted);
});
