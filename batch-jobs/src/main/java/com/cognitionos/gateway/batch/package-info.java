/** Housekeeping of the gateway. */
@NullMarked
package com.cognitionos.gateway.batch;

import org.jspecify.annotations.NullMarked;
