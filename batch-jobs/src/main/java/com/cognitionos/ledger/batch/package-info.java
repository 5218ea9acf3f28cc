/** The upkeep of the books. */
@NullMarked
package com.cognitionos.ledger.batch;

import org.jspecify.annotations.NullMarked;
