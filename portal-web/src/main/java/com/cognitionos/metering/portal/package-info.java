/** Usage over time. */
@NullMarked
package com.cognitionos.metering.portal;

import org.jspecify.annotations.NullMarked;
