/** Checks of what is stored. */
@NullMarked
package com.cognitionos.integrity.portal;

import org.jspecify.annotations.NullMarked;
