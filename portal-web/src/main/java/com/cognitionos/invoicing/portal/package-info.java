/** Invoices to look at, print and pay. */
@NullMarked
package com.cognitionos.invoicing.portal;

import org.jspecify.annotations.NullMarked;
