/** Invoices that could not be collected. */
@NullMarked
package com.cognitionos.dunning.rest;

import org.jspecify.annotations.NullMarked;
