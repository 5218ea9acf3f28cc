/**
 * How programs get in: API keys.
 *
 * <ul>
 *   <li>GAT-1 A key is {@code cog_} and 32 lower-case hex digits (128 random bits), shown once; stored is its
 *       HMAC-SHA-256 under the configured pepper and its first 12 characters.
 *   <li>GAT-2 A key may do what its scopes say and nothing else; it cannot make a key that may do more.
 *   <li>GAT-3 A revoked or expired key, and one that never was, get the same answer.
 *   <li>GAT-4 A rotated key stays valid for the overlap asked for, then it has expired; it is rotated once.
 *   <li>GAT-5 When it was last used is written at most once a minute.
 *   <li>GAT-6 The first operator key comes from the configuration or is written once to a file.
 * </ul>
 *
 * Out of scope here: rate limits and quotas.
 */
@NullMarked
package com.cognitionos.gateway.boundary;

import org.jspecify.annotations.NullMarked;
