/** Usage in, usage out (MET-1 to MET-7). */
@NullMarked
package com.cognitionos.metering.rest;

import org.jspecify.annotations.NullMarked;
