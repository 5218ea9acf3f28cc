/**
 * A request that is sent again under the same key has its effect once and gets its first reply again (SPEC section 6).
 *
 * <ul>
 *   <li>IDP-1 Effect, audit entries and kept reply are committed together. After a crash there are all of them or none.
 *   <li>IDP-2 What must be committed before the reply, because a payment provider is asked in between, is noted under
 *       the key in its own transaction; trying again comes to the same end.
 *   <li>IDP-3 Of several at the same moment one works; the others hear {@code idempotency_in_progress}. What marks it as
 *       under way is a lock of its transaction, so a crash leaves nothing to wait for.
 *   <li>IDP-4 A key belongs to the request it came with: method, path, tenant, media type and content. With another
 *       request it is refused ({@code idempotency_key_reused}).
 *   <li>IDP-5 A key is its principal's: nobody else meets it, or the reply.
 *   <li>IDP-6 A refused request leaves nothing, so it may be sent again under its key.
 *   <li>IDP-7 Replies are kept for 24 hours, sealed.
 * </ul>
 *
 * Out of scope: requests without a verified caller, and methods that are idempotent by themselves.
 */
@NullMarked
package com.cognitionos.idempotency.boundary;

import org.jspecify.annotations.NullMarked;
