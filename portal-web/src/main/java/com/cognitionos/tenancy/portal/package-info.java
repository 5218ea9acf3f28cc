/** The tenant that the signed-in person works in. */
@NullMarked
package com.cognitionos.tenancy.portal;

import org.jspecify.annotations.NullMarked;
