/** What could not be collected: for who owes it, and for finance. */
@NullMarked
package com.cognitionos.dunning.portal;

import org.jspecify.annotations.NullMarked;
