/**
 * What happens in a tenant is told to its own programs, by HTTP.
 *
 * <ul>
 *   <li>WHK-1 A tenant has up to 16 endpoints: an address, and which types of event it gets; nothing named is all. The address
 *       begins with https and leads to the public internet (KER-5). Where the configuration allows private addresses, it may
 *       also lead into one's own network, and begin with http on the machine itself.
 *   <li>WHK-2 An event is kept in the transaction in which it happens, once for each endpoint that wants it and is enabled
 *       when that transaction first asks, and sent after the commit, outside of any transaction.
 *   <li>WHK-3 It is sent as Standard Webhooks says: JSON of {@code type}, {@code timestamp} (by the tenant's clock) and
 *       {@code data}; {@code webhook-id}, the same however often and to whichever endpoint it is sent;
 *       {@code webhook-timestamp}, when it was sent, in seconds; {@code webhook-signature}, an HMAC-SHA-256 by the endpoint's
 *       secret over all three.
 *   <li>WHK-4 A secret is {@code whsec_} and 32 random bytes in base64, shown once and kept sealed. A rotated one signs along
 *       until the overlap ends, 24 hours unless asked otherwise, 7 days at most.
 *   <li>WHK-5 Any status from 200 to 299 within 10 seconds is a success; a redirect is not followed. Else it is tried again
 *       5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 20 h later, a tenth later at most, and not before a
 *       {@code Retry-After} says; then it has failed. Each is sent at least once: a crash may send it twice.
 *   <li>WHK-6 An endpoint has one request at a time, in the order of events as long as they succeed; a tenant has 4 and a
 *       node 32, so that a slow endpoint holds up itself alone.
 *   <li>WHK-7 A reply 410 disables an endpoint at once; so does a delivery that has failed for good, or five days of
 *       failures, if nothing got through meanwhile. The tenant's owner and billing address get a mail.
 *   <li>WHK-8 What waits for an endpoint that is disabled goes on when it is enabled within three days; later it has failed.
 *   <li>WHK-9 Each attempt is kept: when, how long, the status, the first 1,000 characters of the reply, or why there was
 *       none. What is settled can be sent again, with the same id. 30 days after it was settled it is gone.
 *   <li>WHK-10 Changes of endpoints, rotations, tests, what is sent again and what is disabled are in the audit log.
 *   <li>WHK-11 The tenant setting {@code webhook_url} is an endpoint for every event, one of the 16. Either follows the other: the
 *       address that is changed, the endpoint that is removed. Its secret is had by a rotation, since nobody was shown the
 *       first one. A new address enables it again, unless somebody had disabled it.
 * </ul>
 *
 * Out of scope: an order across deliveries.
 */
@NullMarked
package com.cognitionos.webhook.boundary;

import org.jspecify.annotations.NullMarked;
