/** Finishes payments that a crash cut off, works on the provider's events, and compares its books with ours. */
@NullMarked
package com.cognitionos.payment.batch;

import org.jspecify.annotations.NullMarked;
