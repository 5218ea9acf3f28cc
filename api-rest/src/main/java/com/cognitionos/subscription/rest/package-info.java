/** A tenant's subscription, its running month and its invoices. */
@NullMarked
package com.cognitionos.subscription.rest;

import org.jspecify.annotations.NullMarked;
