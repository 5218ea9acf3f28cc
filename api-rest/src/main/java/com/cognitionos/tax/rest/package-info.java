/** Tax rates, for finance. */
@NullMarked
package com.cognitionos.tax.rest;

import org.jspecify.annotations.NullMarked;
