/**
 * Who is at the browser.
 *
 * <ul>
 *   <li>POR-1 Every page but sign-in, sign-up and the error pages needs a session; the page that was wished is opened
 *       after signing in, if it is one of ours.
 *   <li>POR-2 The session alone says who somebody is: no token of another kind goes to the browser, so signing out
 *       ends it at once. Its id changes at sign-in.
 *   <li>POR-3 A wrong password and an unknown address get the same words.
 *   <li>POR-4 Everything that changes something is a POST from our own pages.
 *   <li>POR-5 In a suspended tenant only home, invoices and billing stay open.
 * </ul>
 */
@NullMarked
package com.cognitionos.identity.portal;

import org.jspecify.annotations.NullMarked;
