/**
 * Where the money is: a double-entry journal that only grows.
 *
 * <ul>
 *   <li>LED-1 In every transaction debits equal credits; the database refuses any other at commit.
 *   <li>LED-2 What was posted is never changed or removed; the database refuses that too.
 *   <li>LED-3 An invoice or payment is posted once, in the transaction that makes it so.
 *   <li>LED-4 Test tenants are shown apart from the figures of the business.
 * </ul>
 */
@NullMarked
package com.cognitionos.ledger.boundary;

import org.jspecify.annotations.NullMarked;
