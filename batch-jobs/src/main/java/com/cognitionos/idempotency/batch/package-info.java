/** Forgets replies that are no longer kept. */
@NullMarked
package com.cognitionos.idempotency.batch;

import org.jspecify.annotations.NullMarked;
