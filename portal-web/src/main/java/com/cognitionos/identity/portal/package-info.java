/**
 * Who is at the browser, and what they may do there.
 *
 * <ul>
 *   <li>POR-1 Every page but sign-in, sign-up and the error pages needs a session; the page that was wished is opened
 *       after signing in, if it is one of ours.
 *   <li>POR-2 The session alone says who somebody is: no token of another kind goes to the browser, so signing out
 *       ends it at once. Its id changes at sign-in. The cookie is HttpOnly, SameSite=Lax and, behind TLS, Secure and
 *       bound to the host.
 *   <li>POR-3 A wrong password and an unknown address get the same words.
 *   <li>POR-4 Everything that changes something is a POST from our own pages: the browser says so, and a page of a
 *       signed-in person has a random number in its form that the server gave out.
 *   <li>POR-5 In a suspended tenant only home, invoices and billing stay open, and the person's own account.
 *   <li>POR-6 Each page and each action names the scope that it takes; without it 403, and what is not in the table of
 *       pages does not exist. What a role may not do is not offered either.
 *   <li>POR-7 Who it is, their role and their session are looked up for every request: a role that is taken away, a
 *       membership that ends or a session that is ended elsewhere counts from the next request on. A session that a
 *       tenant's identity provider opened stays in that tenant.
 *   <li>POR-8 What moves money or opens doors needs a sign-in or confirmation of the last ten minutes.
 *   <li>POR-9 Only GET, HEAD and small url-encoded POST come in; no answer has a stack trace or names a product. A form
 *       without its page's nonce is refused (400) before anything is done.
 *   <li>POR-10 A secret from a mail leaves the address at the first visit.
 * </ul>
 */
@NullMarked
package com.cognitionos.identity.portal;

import org.jspecify.annotations.NullMarked;
