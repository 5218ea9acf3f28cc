/** Puts away what people left behind. */
@NullMarked
package com.cognitionos.identity.batch;

import org.jspecify.annotations.NullMarked;
