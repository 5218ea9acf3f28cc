/** Cards. */
@NullMarked
package com.cognitionos.payment.portal;

import org.jspecify.annotations.NullMarked;
