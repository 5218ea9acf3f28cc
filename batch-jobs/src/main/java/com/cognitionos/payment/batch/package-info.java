/** Finishes payments that a crash cut off. */
@NullMarked
package com.cognitionos.payment.batch;

import org.jspecify.annotations.NullMarked;
