/** Checks of what is stored, as a batch job: each night and when asked for. */
@NullMarked
package com.cognitionos.integrity.batch;

import org.jspecify.annotations.NullMarked;
