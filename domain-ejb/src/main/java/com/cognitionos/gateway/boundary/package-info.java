/**
 * How programs get in: API keys and rate limits.
 *
 * <ul>
 *   <li>GAT-1 A key is {@code cog_} and 32 lower-case hex digits (128 random bits), shown once; stored is its
 *       HMAC-SHA-256 under the configured pepper and its first 12 characters. Secret scanners find one by
 *       {@code \bcog_[0-9a-f]{32}\b}.
 *   <li>GAT-2 A key may do what its scopes say and nothing else; it cannot make a key that may do more.
 *   <li>GAT-3 A revoked or expired key, and one that never was, get the same answer, from the next request on and on
 *       every node. It is looked up by its HMAC, so the time that takes tells nothing about stored keys.
 *   <li>GAT-4 A rotated key stays valid for the overlap asked for, then it has expired; it is rotated once.
 *   <li>GAT-5 When it was last used is written at most once a minute.
 *   <li>GAT-6 The first operator key comes from the configuration or is written once to a file.
 *   <li>GAT-7 Each request takes a place of its tenant (the tenant's setting, else its plan's limit) and, where its key
 *       has a limit of its own, of the key: of both or of none. A platform key has only its own, 10,000 a minute unless
 *       it says otherwise. A request without a good key takes one of its client address (an IPv6 client is a /64
 *       network), {@code cognitionos.anonymous-rate-limit} or 60 a minute: that also slows the guessing of keys.
 *   <li>GAT-8 In any 60 s, half-open, no more requests are admitted than the limit, on however many nodes; the whole
 *       limit may come at once (docs/adr/0007). A refused request takes no place. A limit that is changed holds at once,
 *       a node that has just refused may do so for one second more.
 *   <li>GAT-9 A client learns its limits from every reply, admitted or not.
 *   <li>GAT-10 The platform's keys are made, rotated and revoked as tenants' are; the last one that can make others
 *       stays.
 *   <li>GAT-11 Issue, rotation and revocation of a key, and each writing request of the platform for a tenant, are in
 *       the audit log.
 *   <li>GAT-12 The counted calls of a key can be seen over time, and of all keys for the running day and month.
 *   <li>GAT-13 Where more than 1,000 places are left, a node takes up to 100 of them at once, to be used within 0.1 s:
 *       for somebody with 200 requests a second or more, the next ones when half of these are used, and for all of one
 *       client that wait for a place at the same moment. For so long other nodes may not see that such a key was
 *       revoked, and no node that its tenant was suspended or its limit lowered.
 * </ul>
 *
 * Out of scope here: quotas of plans.
 */
@NullMarked
package com.cognitionos.gateway.boundary;

import org.jspecify.annotations.NullMarked;
