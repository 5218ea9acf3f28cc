/** Keeps the usage rollups in step with the records. */
@NullMarked
package com.cognitionos.metering.batch;

import org.jspecify.annotations.NullMarked;
