/**
 * The REST door: lets callers in, reads their requests, renders replies and problems.
 *
 * <ul>
 *   <li>RES-1 Deny by default: a method says {@link com.cognitionos.rest.Public} or
 *       {@link com.cognitionos.kernel.RequiresScope}, or nobody may call it.
 *   <li>RES-2 A request belongs to its key's tenant. Headers, host and path only select among what the key may act in;
 *       a foreign tenant and one that does not exist get the same answer.
 *   <li>RES-3 Every failure is a problem document (RFC 9457) with a stable code; SQL and stack traces stay in the log,
 *       under the trace id of the reply.
 *   <li>RES-4 A request body with several faults hears of all of them at once.
 *   <li>RES-5 Every reply says how many requests the caller has left (draft-ietf-httpapi-ratelimit-headers-10, and the
 *       older X-RateLimit-*); one too many is 429 with Retry-After.
 *   <li>RES-6 A POST with an {@code Idempotency-Key} has its effect once, whatever it is (IDP-1 to 7).
 *   <li>RES-7 A key in the query string is refused with 400, good or not, and is not logged.
 *   <li>RES-8 Refusals of keys, scopes, tenants and rates go to the security log under the trace id of the reply (KER-6).
 *   <li>RES-9 {@code /openapi} describes what all operations share in one place ({@link com.cognitionos.rest.SharedTerms}).
 * </ul>
 */
@NullMarked
package com.cognitionos.rest;

import org.jspecify.annotations.NullMarked;
