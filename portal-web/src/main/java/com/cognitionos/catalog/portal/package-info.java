/** The catalogue as finance makes it in the browser: plans in versions, meters, contracts, and moving subscriptions. */
@NullMarked
package com.cognitionos.catalog.portal;

import org.jspecify.annotations.NullMarked;
