/** Invoices and the runs that make them. */
@NullMarked
package com.cognitionos.invoicing.rest;

import org.jspecify.annotations.NullMarked;
