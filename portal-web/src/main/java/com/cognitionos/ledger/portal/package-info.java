/** The books, for finance. */
@NullMarked
package com.cognitionos.ledger.portal;

import org.jspecify.annotations.NullMarked;
