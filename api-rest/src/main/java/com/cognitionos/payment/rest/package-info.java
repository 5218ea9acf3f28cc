/** The cards that invoices are charged to. */
@NullMarked
package com.cognitionos.payment.rest;

import org.jspecify.annotations.NullMarked;
